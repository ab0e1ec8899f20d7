export * from './appender.js';
export * from './event-store.js';
export * from './event-store.migration.js';
export * from './pool.js';
