import { runtimeRole } from '@loa/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the log was when it was sealed. Kept beside the events, so it shows who changed the one and not the other; whoever
 * could change both is caught by a root that was handed out before.
 */
const tables = `
CREATE TABLE es.leaf (
  position bigint PRIMARY KEY CHECK (position > 0),
  event_id uuid NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE es.leaf IS 'The hash of every sealed event: leaf of the Merkle tree (RFC 6962) at position - 1';

CREATE TABLE es.seal (
  size bigint PRIMARY KEY CHECK (size > 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  chain bytea NOT NULL CHECK (octet_length(chain) = 32),
  frontier bytea[] NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN es.seal.size IS 'How many events it is about: those at positions 1 to size';
COMMENT ON COLUMN es.seal.root IS 'Root of the Merkle tree over their hashes';
COMMENT ON COLUMN es.seal.chain IS 'Hash chain over their hashes';
COMMENT ON COLUMN es.seal.frontier IS 'Roots of the perfect subtrees, largest first: the next seal goes on from them';

CREATE TABLE es.verification (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  verified_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  events bigint NOT NULL,
  sealed bigint NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  finding json
);
COMMENT ON TABLE es.verification IS 'Every time the log was compared with its seals; finding: the first thing that was wrong';

CREATE FUNCTION es.refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'es.% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;
`;

const kept = ['es.leaf', 'es.seal', 'es.verification'];

const appendOnly = (table: string): string => `
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION es.refuse_unsealing();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_unsealing();
`;

export class Seals1700000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const table of kept) await runner.query(appendOnly(table));
    await runner.query(`GRANT SELECT, INSERT ON ${kept.join(', ')} TO ${await runtimeRole(runner)}`);
  }

  async down(): Promise<void> {
    throw new Error('Seals are never taken away. Restore a backup instead.');
  }
}
