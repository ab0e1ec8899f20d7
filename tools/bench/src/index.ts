export * from './statistics.js';
export * from './table.js';
