import { runtimeRole } from '@loa/database';
import { createCheckpoints } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = {
  agency: `agency_id uuid NOT NULL, name text NOT NULL`,
  plan: `plan_id uuid NOT NULL, standing_agency_id uuid NOT NULL, issued boolean NOT NULL,
         content_ids uuid[] NOT NULL, channel_ids uuid[] NOT NULL, assignees text[] NOT NULL`,
};

/** Schema `known`: what a context keeps of planning. */
export class KnownPlans1700000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA known');
    for (const [table, list] of Object.entries(columns)) {
      const key = `${table}_id`;
      await runner.query(`CREATE TABLE known.${table} (${list}, PRIMARY KEY (${key}))`);
      await runner.query(
        `CREATE TABLE known.${table}_history (${list}, recorded_from timestamptz NOT NULL,
           recorded_to timestamptz NOT NULL, PRIMARY KEY (${key}, recorded_from))`,
      );
    }
    await createCheckpoints(runner, 'known');
    const role = await runtimeRole(runner);
    await runner.query(`GRANT USAGE ON SCHEMA known TO ${role}`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA known TO ${role}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA known CASCADE');
  }
}
