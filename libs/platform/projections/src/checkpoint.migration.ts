import type { QueryRunner } from 'typeorm';

/** The checkpoints of the readers of one database, beside the tables they fill. Called by the migration of that schema. */
export async function createCheckpoints(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    CREATE TABLE ${schema}.checkpoint (
      reader text NOT NULL,
      source text NOT NULL,
      partition int NOT NULL,
      position bigint NOT NULL,
      "offset" bigint NOT NULL,
      recorded_at timestamptz,
      applied_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (reader, source, partition)
    ) WITH (fillfactor = 50);
    COMMENT ON TABLE ${schema}.checkpoint IS
      'How far each reader has come; moves in the transaction of the rows'`);
}
