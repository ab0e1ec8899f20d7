import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, type Clock } from './clock.js';
import { FreshnessStore } from './freshness/freshness.store.js';
import { ReadDatabase } from './read-database.table.js';
import { readModelResolvers } from './read-models.js';

export interface ReadModelsOptions {
  /** Over a pool of the runtime role, which may be shared with others. */
  readonly database: ReadDatabase;
  readonly freshness: FreshnessStore;
  readonly now: Clock;
}

/** The queries of the gateway over its read database. */
@Module({})
export class ReadModelsModule {
  static forRoot({ database, freshness, now }: ReadModelsOptions): DynamicModule {
    return {
      module: ReadModelsModule,
      providers: [
        ...readModelResolvers,
        { provide: ReadDatabase, useValue: database },
        { provide: FreshnessStore, useValue: freshness },
        { provide: CLOCK, useValue: now },
      ],
    };
  }
}
