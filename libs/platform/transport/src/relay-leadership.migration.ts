import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who publishes a log, for how long, and after which restores of it. The owner of `es.relay` runs this after its own migrations. */
export class RelayLeadership1700000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE es.relay
        ADD COLUMN leader_pid int,
        ADD COLUMN lease_until timestamptz NOT NULL DEFAULT '-infinity',
        ADD COLUMN restored bigint[] NOT NULL DEFAULT '{}',
        ADD COLUMN refusal text;
      COMMENT ON COLUMN es.relay.leader_pid IS 'The session of the leader: when it has ended, another may lead';
      COMMENT ON COLUMN es.relay.lease_until IS 'By the clock of this server: afterwards another may lead, though the session lives';
      COMMENT ON COLUMN es.relay.restored IS 'Declared restores, oldest first: the last position that each has brought back';
      COMMENT ON COLUMN es.relay.refusal IS 'Why nothing is published until somebody puts it right: <reason>: <message>';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE es.relay DROP COLUMN leader_pid, DROP COLUMN lease_until, DROP COLUMN restored, DROP COLUMN refusal',
    );
  }
}
