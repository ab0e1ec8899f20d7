import { runtimeRole } from '@loa/database';
import type { QueryRunner } from 'typeorm';

/**
 * Where a reader writes down what it passed over because no contract declared its type. In the schema of its rows, whose
 * copy begins without any: rows that are made anew know their own. Called by a migration of that schema.
 */
export async function createUnknownTypes(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    CREATE TABLE ${schema}.unknown_type (
      reader text NOT NULL,
      source text NOT NULL,
      partition int NOT NULL,
      type text NOT NULL,
      first_position bigint NOT NULL,
      last_position bigint NOT NULL,
      events bigint NOT NULL CHECK (events > 0),
      first_seen_at timestamptz NOT NULL DEFAULT now(),
      last_seen_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (reader, source, partition, type)
    );
    COMMENT ON TABLE ${schema}.unknown_type IS
      'Events that these rows lack because no contract declared their type when they were read'`);
  await runner.query(
    `GRANT SELECT, INSERT, UPDATE ON ${schema}.unknown_type TO ${await runtimeRole(runner)}`,
  );
}

/** Undoes {@link createUnknownTypes}. */
export async function dropUnknownTypes(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`DROP TABLE ${schema}.unknown_type`);
}
