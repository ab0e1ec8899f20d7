import { connectionType } from '../read-models/connection.js';
import { READER } from '../read-models/read-database.table.js';
import { spelled } from './parked-desk.js';

const reader = `"""
    Whose they are. Left out: what queries answer from.
    """
    reader: ParkedReader! = ${spelled(READER)}`;

export const parkedSdl = `
"""
An event that could not be applied to the rows of a reader, or that stands behind such an event in its stream. It is
kept, and applied when an operator retries the stream after what failed was mended.
"""
type ParkedEvent {
  """
  planning, reporting or monitoring.
  """
  context: String!
  position: Position!
  streamId: ID!
  version: Int!
  """
  e.g. planning.PlanIssued
  """
  type: String!
  schemaVersion: Int!
  why: ParkedReason!
  """
  What went wrong, without the contents of the event; null: it was not tried.
  """
  error: String
  attempts: Int!
  recordedAt: DateTime!
  parkedAt: DateTime!
  """
  The contents of the event as they were stored.
  """
  data: String!
}

"""
Who keeps rows of what the contexts tell.
"""
enum ParkedReader {
  """
  The rows that queries answer from.
  """
  GATEWAY
  """
  What reporting knows of plans, to decide by.
  """
  REPORTING_KNOWLEDGE
  """
  What monitoring knows of plans, to decide by.
  """
  MONITORING_KNOWLEDGE
}

type ParkedAtReader {
  reader: ParkedReader!
  """
  How many events it has parked; null, with an error beside it, when its service does not answer.
  """
  parked: Int
}

enum ParkedReason {
  FAILED
  """
  An earlier event of its stream is parked.
  """
  BEHIND
}

"""
What became of a request about parked events.
"""
type ParkedOutcome {
  state: ParkedState!
  """
  Parked events that were applied after all; while the state is PENDING, so far.
  """
  applied: Int!
  """
  How many events of the stream are still parked.
  """
  remaining: Int!
  """
  The first of them, which they are parked for.
  """
  next: ParkedEvent
}

enum ParkedState {
  """
  Nothing of the stream is parked any more.
  """
  DONE
  """
  An event fails still; those before it were applied.
  """
  FAILING
  """
  The request is kept, and carried out when the reader gets to it: it is busy, also with this very request, or does not
  run.
  """
  PENDING
}
${connectionType('ParkedEvent')}
extend type Query {
  """
  For operators: how many events each reader could not apply.
  """
  parkedReaders: [ParkedAtReader!]!
  """
  For operators: events that could not be applied, by context and position.
  """
  parked(
    ${reader}
    """
    1 to 100. Left out: 20.
    """
    first: Int
    after: String
  ): ParkedEventConnection!
  """
  For operators: what is parked of one stream, in its order.
  """
  parkedStream(
    ${reader}
    streamId: ID!
    """
    1 to 100. Left out: 20.
    """
    first: Int
    after: String
  ): ParkedEventConnection!
}

extend type Mutation {
  """
  For operators: apply what is parked of a stream, in its order, up to the first event that still fails.
  """
  retryParked(
    ${reader}
    streamId: ID!
    """
    Who asks for it, for the record.
    """
    operator: String!
  ): ParkedOutcome!
  """
  For operators: leave an event that failed out for good, and apply those behind it. It stays on record.
  """
  dropParked(
    ${reader}
    context: String!
    position: Position!
    """
    Why answers may do without it, for the record. 1 to 500 characters.
    """
    reason: String!
    """
    Who decides it, for the record.
    """
    operator: String!
  ): ParkedOutcome!
}
`;
