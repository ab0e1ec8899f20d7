import { driftRecords, ParkedEvents } from '@loa/projections';
import { Module, type DynamicModule } from '@nestjs/common';
import type pg from 'pg';
import { OPERATIONS_SCHEMA } from '../read-generations.js';
import { READ_SCHEMA, READER, type ReadDatabase } from '../read-models/read-database.table.js';
import { DRIFT_RECORDS, DriftResolver, type DriftRecords } from './drift/drift.resolver.js';
import { OPERATOR_TOKEN, OperatorGuard } from './operator.guard.js';
import type { KnowledgeDesks, ParkedDesks } from './parked-desk.js';
import { PARKED_DESKS, ParkedResolver } from './parked.resolver.js';

export interface OperationsOptions {
  /** To the read database; only requests are written, the projector carries them out. */
  readonly pool: pg.Pool;
  /** Where to ask for what services have parked. */
  readonly knowledge: KnowledgeDesks;
  /** Answers what everybody may ask, so that operators have connections whatever that is. */
  readonly database: ReadDatabase;
  /** Undefined: operations are off. */
  readonly operatorToken: string | undefined;
}

/** What operators see and do through GraphQL. */
@Module({})
export class OperationsModule {
  static forRoot({ pool, knowledge, database, operatorToken }: OperationsOptions): DynamicModule {
    const rows = new ParkedEvents(pool, { name: READER, schema: READ_SCHEMA });
    const desks: ParkedDesks = { [READER]: rows, ...knowledge };
    const records = { schema: READ_SCHEMA, registry: OPERATIONS_SCHEMA };
    const drift: DriftRecords = (first) => database.asked((asked) => driftRecords(asked, records, first));
    return {
      module: OperationsModule,
      providers: [
        ParkedResolver,
        DriftResolver,
        { provide: DRIFT_RECORDS, useValue: drift },
        OperatorGuard,
        { provide: OPERATOR_TOKEN, useValue: operatorToken },
        { provide: PARKED_DESKS, useValue: desks },
      ],
    };
  }
}
