export * from './appender.js';
export { PAGE_CHARACTERS, wholeLog, type EventPage } from './event-page.js';
export * from './event-store.js';
export * from './event-store.migration.js';
export * from './migrations.js';
export * from './snapshots.js';
export type { StoredEvent } from './stored-event.js';
