export * from './appender.js';
export * from './event-store.js';
export * from './event-store.migration.js';
