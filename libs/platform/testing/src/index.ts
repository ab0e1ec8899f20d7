export * from './describe-unless.js';
export * from './eventually.js';
export * from './fresh-database.js';
export * from './history.js';
export * from './idle-transaction.js';
