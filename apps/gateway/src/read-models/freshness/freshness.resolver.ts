import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { ReadDatabase } from '../read-database.table.js';
import { freshnessSql, standingTables, type FreshnessRow } from './standing.sql.js';

/** Answers that may lack so many seconds of events are called stale. */
const STALE_AFTER_S = 5;

export const freshnessSdl = `
"""
How far the answers have come in what one context has recorded.
"""
type Freshness {
  """
  planning, reporting or monitoring.
  """
  context: String!
  """
  The last event that answers show, 0 when there is none. Events before it may still be on their way where they travel
  in several partitions: caughtUpAt says up to when nothing is missing.
  """
  position: Position!
  """
  When that event was recorded.
  """
  recordedAt: DateTime
  """
  Answers hold everything that had been published at this instant; null: that was never so yet. It moves on also while
  nothing happens. What a context has recorded and not published yet, because its relay or Kafka stands still, is not
  counted: only its own service knows of that.
  """
  caughtUpAt: DateTime
  """
  Whole seconds since caughtUpAt: no more than so many seconds of events can be missing. It is written down about once a
  second, so 0 and 1 mean nothing is missing but what is on its way right now. It grows while events are waiting
  to be applied, and while the process that applies them does not run. null: never caught up yet.
  """
  secondsBehind: Int
  """
  secondsBehind is above ${STALE_AFTER_S}, or null.
  """
  stale: Boolean!
  """
  Events that answers leave out because they could not be applied; an operator has to look at them.
  """
  parked: Int!
}

extend type Query {
  """
  How fresh answers are, per context.
  """
  freshness: [Freshness!]!
}
`;

/** Injection token of {@link FreshnessSource}. */
export const FRESHNESS_SOURCE = Symbol('where freshness is read from');

export interface FreshnessSource {
  /** The name of the projector. */
  readonly reader: string;
  readonly contexts: readonly string[];
  readonly partitions: number;
}

@Resolver()
export class FreshnessResolver {
  constructor(
    private readonly database: ReadDatabase,
    @Inject(FRESHNESS_SOURCE) private readonly source: FreshnessSource,
  ) {}

  @Query('freshness')
  async freshness(): Promise<unknown> {
    const { reader, contexts, partitions } = this.source;
    const rows = await this.database.one<FreshnessRow[]>(freshnessSql, [reader, contexts, partitions], {
      tables: standingTables,
    });
    return (rows ?? []).map((row) => ({
      ...row,
      stale: row.secondsBehind === null || row.secondsBehind > STALE_AFTER_S,
    }));
  }
}
