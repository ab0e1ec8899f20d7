import { runtimeRole } from '@loa/database';
import type { QueryRunner } from 'typeorm';

/**
 * What a schema needs besides its checkpoints to set events aside and to say how fresh it is. Called by a migration of
 * that schema, after the one that made the checkpoints. Everything refers to its own schema only, so that a copy of
 * the schema is whole.
 */
export async function createParking(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    ALTER TABLE ${schema}.checkpoint ADD COLUMN caught_up_at timestamptz;
    COMMENT ON COLUMN ${schema}.checkpoint.caught_up_at IS
      'Everything its carrier had at this instant is applied; by the clock of this database';

    CREATE TABLE ${schema}.parked (
      ${setAside},
      why text NOT NULL CHECK (why IN ('failed', 'behind')),
      PRIMARY KEY (reader, source, position)
    );
    CREATE INDEX parked_stream ON ${schema}.parked (reader, source, stream_id, version);
    COMMENT ON TABLE ${schema}.parked IS
      'Events that could not be applied, and those of the same streams after them, until an operator decides';

    CREATE TABLE ${schema}.dropped (
      ${setAside},
      reason text NOT NULL,
      dropped_by text NOT NULL,
      dropped_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (reader, source, position)
    );
    COMMENT ON TABLE ${schema}.dropped IS 'Events that an operator decided to leave out, and why';

    CREATE TABLE ${schema}.parked_request (
      id uuid PRIMARY KEY,
      reader text NOT NULL,
      source text NOT NULL,
      stream_id uuid NOT NULL,
      action text NOT NULL CHECK (action IN ('retry', 'drop')),
      position bigint CHECK ((action = 'drop') = (position IS NOT NULL)),
      reason text CHECK ((action = 'drop') = (reason IS NOT NULL)),
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL DEFAULT now(),
      done_at timestamptz,
      outcome text,
      applied int
    );
    CREATE INDEX parked_request_open ON ${schema}.parked_request (reader, requested_at) WHERE done_at IS NULL;
    COMMENT ON TABLE ${schema}.parked_request IS
      'What operators want done with parked events; the reader that parked them carries it out'`);
  const role = await runtimeRole(runner);
  await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.parked TO ${role}`);
  await runner.query(`GRANT SELECT, INSERT ON ${schema}.dropped TO ${role}`);
  await runner.query(`GRANT SELECT, INSERT, UPDATE ON ${schema}.parked_request TO ${role}`);
}

/** Undoes {@link createParking}. What operators dropped comes back when the rows are made again. */
export async function dropParking(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    DROP TABLE ${schema}.parked_request, ${schema}.dropped, ${schema}.parked;
    ALTER TABLE ${schema}.checkpoint DROP COLUMN caught_up_at`);
}

// Payloads are text and not json: what cannot be parsed must be kept too.
const setAside = `
      reader text NOT NULL,
      source text NOT NULL,
      position bigint NOT NULL,
      partition int NOT NULL,
      stream_id uuid NOT NULL,
      version int NOT NULL,
      event_id uuid NOT NULL,
      type text NOT NULL,
      schema_version int NOT NULL,
      data text NOT NULL,
      meta text NOT NULL,
      recorded_at timestamptz NOT NULL,
      error text,
      attempts int NOT NULL,
      parked_at timestamptz NOT NULL DEFAULT now()`;
