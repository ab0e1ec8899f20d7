/** What a metric is: its kind, what it says, and its labels. Values of labels come from closed lists, never from clients. */
export interface Described {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Which processes have it. */
  readonly in: readonly ProcessKind[];
}

export type ProcessKind = 'service' | 'gateway-api' | 'gateway-projector' | 'standalone';

const everywhere = ['service', 'gateway-api', 'gateway-projector', 'standalone'] as const;
const withDoor = ['service', 'standalone'] as const;
const withRelay = ['service'] as const;
const withReader = ['service', 'gateway-projector', 'standalone'] as const;
const withGraphql = ['gateway-api', 'standalone'] as const;

/** Every metric of ours, by name. docs/metrics.md says the same; a test compares them, and both with what is exported. */
export const catalogue = {
  http_server_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time to answer an HTTP request, by the pattern of its route',
    labels: ['route', 'code'],
    in: everywhere,
  },
  graphql_operation_duration_seconds: {
    kind: 'histogram',
    help: 'Time to answer a GraphQL operation, by its root field',
    labels: ['operation', 'outcome'],
    in: withGraphql,
  },
  graphql_operation_cost: {
    kind: 'histogram',
    help: 'Values that the answer to a GraphQL operation can hold at most, by its root field; a page counts as full',
    labels: ['operation'],
    in: withGraphql,
  },
  graphql_errors_total: {
    kind: 'counter',
    help: 'Errors in GraphQL answers, by their stable code',
    labels: ['code'],
    in: withGraphql,
  },
  command_duration_seconds: {
    kind: 'histogram',
    help: 'Time from a command at the door to its answer',
    labels: ['command', 'outcome'],
    in: withDoor,
  },
  idempotency_replays_total: {
    kind: 'counter',
    help: 'Commands that were answered as before, because their key had been used for the same',
    labels: [],
    in: withDoor,
  },
  eventstore_append_conflicts_total: {
    kind: 'counter',
    help: 'Appends that found their stream at another version and were decided anew',
    labels: [],
    in: withDoor,
  },
  eventstore_rehydrated_events_total: {
    kind: 'counter',
    help: 'Events read to bring back to life what commands are about, and what they look up of the same context',
    labels: [],
    in: withDoor,
  },
  eventstore_snapshots_total: {
    kind: 'counter',
    help: 'Snapshots of long streams, by what became of them',
    labels: ['outcome'],
    in: withDoor,
  },
  outbox_pending_messages: {
    kind: 'gauge',
    help: 'Events in the log that are not published yet',
    labels: [],
    in: withRelay,
  },
  outbox_oldest_pending_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest event that is not published; 0 when there is none',
    labels: [],
    in: withRelay,
  },
  outbox_publish_failures_total: {
    kind: 'counter',
    help: 'Failed tries to publish',
    labels: [],
    in: withRelay,
  },
  outbox_publish_duration_seconds: {
    kind: 'histogram',
    help: 'Time until Kafka acknowledged a batch, with its retries',
    labels: [],
    in: withRelay,
  },
  projection_lag_seconds: {
    kind: 'gauge',
    help: 'Time since an instant up to which the reader has all that was recorded, of the source furthest behind',
    labels: ['projection'],
    in: withReader,
  },
  projection_lag_events: {
    kind: 'gauge',
    help: 'Events that the carrier has and this process has not taken in',
    labels: ['projection'],
    in: withReader,
  },
  dlq_messages_total: {
    kind: 'counter',
    help: 'Events that were parked, or given up by an operator',
    labels: ['consumer', 'reason'],
    in: withReader,
  },
  projection_parked_events: {
    kind: 'gauge',
    help: 'Events that are parked now and wait for an operator',
    labels: ['consumer'],
    in: withReader,
  },
  projection_unknown_events: {
    kind: 'gauge',
    help: 'Events that the rows lack because their type was not known when they were read',
    labels: ['consumer'],
    in: withReader,
  },
  projection_rebuild_progress_ratio: {
    kind: 'gauge',
    help: 'How much of a rebuild of the rows is done, 0 to 1; told while one is under way, or was interrupted',
    labels: ['projection'],
    in: withReader,
  },
  audit_chain_last_sealed_position: {
    kind: 'gauge',
    help: 'Position of the last event that is sealed',
    labels: ['context'],
    in: withDoor,
  },
  audit_chain_verification_failures_total: {
    kind: 'counter',
    help: 'Times that a log, compared with its seals, was not what was sealed',
    labels: ['context'],
    in: withDoor,
  },
  db_pool_waiting: {
    kind: 'gauge',
    help: 'Callers that wait for a database connection',
    labels: ['pool'],
    in: everywhere,
  },
  nodejs_eventloop_lag_p99_seconds: {
    kind: 'gauge',
    help: 'The 99th percentile of the recorded event loop delays.',
    labels: [],
    in: everywhere,
  },
} as const satisfies Record<string, Described>;

export type MetricName = keyof typeof catalogue;
