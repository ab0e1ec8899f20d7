import { countLeftOut, createUnknownTypes, dropUnknownTypes, forgetLeftOut } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schema `known`: what was passed over because its type was not known; drift checks say how much is left out. */
export class KnownPlansUnknownTypes1700000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createUnknownTypes(runner, 'known');
    await countLeftOut(runner, 'operations');
  }

  async down(runner: QueryRunner): Promise<void> {
    await forgetLeftOut(runner, 'operations');
    await dropUnknownTypes(runner, 'known');
  }
}
