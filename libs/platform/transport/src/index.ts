export { backoff, pause } from './backoff.js';
export * from './declare-restore.js';
export * from './event-transport.js';
export { kafkaOffset } from './kafka-place.js';
export {
  EVENT_PARTITIONS,
  PRODUCE_WITHIN_MS,
  consumerSettings,
  eventsTopic,
  heartbeatTopic,
  producerSettings,
  type KafkaAddress,
} from './kafka-settings.js';
export * from './kafka-transport.js';
export * from './log-transport.js';
export * from './partition-of.js';
export * from './relay.js';
export { RelayRefusal } from './relay-batch.js';
export type { LeaseTimes } from './relay-lease.js';
export * from './relay-leadership.migration.js';
