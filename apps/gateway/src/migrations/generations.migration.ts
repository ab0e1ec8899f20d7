import { createGenerations } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schema `operations`: records that outlive the generations of the read tables. */
export class GenerationRecords1700000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA operations');
    await createGenerations(runner, 'operations');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA operations CASCADE');
  }
}
