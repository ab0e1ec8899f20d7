import { runtimeRole } from '@loa/database';
import { createCheckpoints, createParking } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The readers of the world; each keeps what it made of the log in a schema of its own. */
export const readers = ['shared', 'alone'] as const;
export type Reader = (typeof readers)[number];

export class WorldTables1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const role = await runtimeRole(runner);
    for (const schema of readers) {
      await runner.query(`
        CREATE SCHEMA ${schema};
        CREATE TABLE ${schema}.stream (
          stream uuid PRIMARY KEY, count int NOT NULL, version int NOT NULL, chain text NOT NULL);
        CREATE TABLE ${schema}.stream_history (
          LIKE ${schema}.stream, recorded_from timestamptz NOT NULL, recorded_to timestamptz NOT NULL,
          PRIMARY KEY (stream, recorded_from))`);
      await createCheckpoints(runner, schema);
      await createParking(runner, schema);
      await keepClaims(runner, schema);
      await runner.query(`
        GRANT USAGE ON SCHEMA ${schema} TO ${role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
    }
  }

  async down(): Promise<void> {
    throw new Error('thrown away with its database');
  }
}

/** Whenever a reader says up to when nothing is missing, the database itself keeps that, with the place it stood at then. */
async function keepClaims(runner: QueryRunner, schema: Reader): Promise<void> {
  await runner.query(`
    CREATE TABLE ${schema}.claim (partition int NOT NULL, position bigint NOT NULL, up_to timestamptz NOT NULL);
    CREATE FUNCTION ${schema}.keep_claim() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.claim VALUES (NEW.partition, NEW.position, NEW.caught_up_at);
      RETURN NULL;
    END $$;
    CREATE TRIGGER keep_claim AFTER UPDATE OF caught_up_at ON ${schema}.checkpoint
      FOR EACH ROW EXECUTE FUNCTION ${schema}.keep_claim()`);
}
