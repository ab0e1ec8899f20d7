import { createGenerations } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schema `operations`: records that outlive the generations of `known`. */
export class KnownPlansGenerations1700000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA operations');
    await createGenerations(runner, 'operations');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA operations CASCADE');
  }
}
