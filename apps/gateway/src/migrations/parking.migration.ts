import { createParking, dropParking } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schema `read`: room for events that cannot be applied, and when each source was caught up with. */
export class ReadParking1700000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createParking(runner, 'read');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropParking(runner, 'read');
  }
}
