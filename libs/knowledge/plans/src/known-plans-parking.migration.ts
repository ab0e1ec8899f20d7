import { createParking, dropParking } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schema `known`: room for events that cannot be applied. */
export class KnownPlansParking1700000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createParking(runner, 'known');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropParking(runner, 'known');
  }
}
