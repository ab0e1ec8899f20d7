export * from './appender.js';
export * from './event-store.js';
export * from './event-store.migration.js';
export * from './migrations.js';
export * from './snapshots.js';
export type { StoredEvent } from './stored-event.js';
