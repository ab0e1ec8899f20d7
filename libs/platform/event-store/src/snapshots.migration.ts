import { runtimeRole } from '@loa/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `
CREATE TABLE es.snapshot (
  stream_id uuid PRIMARY KEY,
  version int NOT NULL,
  event_id uuid NOT NULL,
  state_schema int NOT NULL,
  state json NOT NULL,
  sum text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE es.snapshot IS 'What a stream adds up to, up to a version; may be thrown away at any time';
COMMENT ON COLUMN es.snapshot.sum IS 'sha256 over the rest, so that an altered state is not believed';
`;

export class Snapshots1700000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON es.snapshot TO ${await runtimeRole(runner)}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE es.snapshot');
  }
}
