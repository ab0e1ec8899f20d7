import { createUnknownTypes, dropUnknownTypes } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schema `known`: what was passed over because its type was not known. */
export class KnownPlansUnknownTypes1700000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createUnknownTypes(runner, 'known');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropUnknownTypes(runner, 'known');
  }
}
