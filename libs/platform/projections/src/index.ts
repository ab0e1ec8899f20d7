export * from './checkpoint.migration.js';
export * from './fold.js';
export * from './projection.js';
export * from './projector.js';
export * from './table-sql.js';
export * from './table.js';
export * from './transaction.js';
