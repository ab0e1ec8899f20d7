import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Takes away the functions whose place es.append and es.append_batch took before anything was released: nothing calls them. */
export class FirstAppendFunctions1700000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION es.append_one, es.append_many');
  }

  async down(): Promise<void> {
    throw new Error('No release calls these functions. To go back further, restore a backup instead.');
  }
}
