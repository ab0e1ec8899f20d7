export * from './migrate.js';
export * from './plain-array.js';
export * from './pool.js';
export * from './provision.js';
