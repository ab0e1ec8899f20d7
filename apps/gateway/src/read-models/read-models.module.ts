import { Module, type DynamicModule } from '@nestjs/common';
import type pg from 'pg';
import { CLOCK, type Clock } from './clock.js';
import { ReadDatabase } from './read-database.table.js';
import { readModelResolvers } from './read-models.js';

export interface ReadModelsOptions {
  /** To the read database, as its runtime role. May be shared with others. */
  readonly readPool: pg.Pool;
  readonly now: Clock;
}

/** The queries of the gateway over its read database. */
@Module({})
export class ReadModelsModule {
  static forRoot({ readPool, now }: ReadModelsOptions): DynamicModule {
    return {
      module: ReadModelsModule,
      providers: [
        ...readModelResolvers,
        { provide: ReadDatabase, useValue: new ReadDatabase(readPool) },
        { provide: CLOCK, useValue: now },
      ],
    };
  }
}
