import { runtimeRole } from '@loa/database';
import type { QueryRunner } from 'typeorm';

/**
 * The records about generations of read tables and about drift checks. They stand outside the generations, in a schema
 * that must exist; written by the owner, read by the running service.
 */
export async function createGenerations(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    CREATE TABLE ${schema}.generation (
      read_schema text NOT NULL,
      number int NOT NULL,
      schema_name text NOT NULL,
      state text NOT NULL CHECK (state IN ('building', 'live', 'kept', 'discarded')),
      code text,
      started_at timestamptz,
      built_at timestamptz,
      live_at timestamptz,
      progress real NOT NULL DEFAULT 0,
      positions jsonb,
      events bigint,
      rows bigint,
      differences bigint,
      seconds double precision,
      PRIMARY KEY (read_schema, number)
    );
    CREATE UNIQUE INDEX generation_live ON ${schema}.generation (read_schema) WHERE state = 'live';
    CREATE UNIQUE INDEX generation_building ON ${schema}.generation (read_schema) WHERE state = 'building';
    COMMENT ON TABLE ${schema}.generation IS 'A generation is a schema of read tables; one is live';
    CREATE TABLE ${schema}.drift_check (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      read_schema text NOT NULL,
      checked_at timestamptz NOT NULL,
      code text NOT NULL,
      positions jsonb NOT NULL,
      rows bigint NOT NULL,
      differences bigint NOT NULL,
      tables jsonb NOT NULL,
      examples jsonb NOT NULL,
      seconds double precision NOT NULL
    );
    COMMENT ON TABLE ${schema}.drift_check IS
      'Live read tables compared with tables made anew from the logs, at equal positions';
    COMMENT ON COLUMN ${schema}.drift_check.examples IS 'Keys and names of columns, never values'`);
  const role = await runtimeRole(runner);
  await runner.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  await runner.query(`GRANT SELECT ON ${schema}.generation, ${schema}.drift_check TO ${role}`);
}

/** Lets drift checks say how many events the rows that they compared leave out; earlier ones did not count them. */
export async function countLeftOut(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    ALTER TABLE ${schema}.drift_check ADD COLUMN left_out bigint;
    COMMENT ON COLUMN ${schema}.drift_check.left_out IS
      'Events that both sides leave out: parked, dropped by an operator, or of a type that was not known'`);
}

/** Undoes {@link countLeftOut}. */
export async function forgetLeftOut(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`ALTER TABLE ${schema}.drift_check DROP COLUMN left_out`);
}
