import { Context, Query, Resolver } from '@nestjs/graphql';
import { FreshnessStore } from './freshness.store.js';

/**
 * Answers that may lack so many seconds of events are called stale. Over Kafka 4 are as good as it gets, and another relay
 * needs some seconds to take the place of one that ends.
 */
const STALE_AFTER_S = 10;

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
  The last event that answers show, the other ones of this operation too, 0 when there is none; they may show some that
  came since. Events before it may still be on their way where they travel in several partitions: caughtUpAt says up to
  when nothing is missing.
  """
  position: Position!
  """
  When that event was recorded.
  """
  recordedAt: DateTime
  """
  Answers hold everything that the context had recorded at this instant, but for what is counted as parked and as
  notUnderstood; null: not known yet. It moves on also while nothing happens, and stops when events may be waiting
  anywhere on their way: also while the relay of the context or Kafka stands still.
  """
  caughtUpAt: DateTime
  """
  Whole seconds since caughtUpAt: no more than so many seconds of events can be missing. Nothing missing is known a
  little late: in one process 0 or 1, over Kafka up to 5 mean that everything flows. It grows while events are waiting to
  be published or applied, and while a process that has to do so does not run. null: not known yet.
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
  """
  Events that answers leave out because a newer release of the context has written them, of a type that was not known
  when they were read; answers show them once their rows were made anew by a release that knows it.
  """
  notUnderstood: Int!
}

extend type Query {
  """
  How fresh answers are, per context.
  """
  freshness: [Freshness!]!
}
`;

@Resolver()
export class FreshnessResolver {
  constructor(private readonly freshnessOf: FreshnessStore) {}

  @Query('freshness')
  async freshness(@Context() operation: object): Promise<unknown> {
    const rows = await this.freshnessOf.of(operation);
    return rows.map((row) => ({
      ...row,
      stale: row.secondsBehind === null || row.secondsBehind > STALE_AFTER_S,
    }));
  }
}
