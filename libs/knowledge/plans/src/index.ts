export * from './known-plans.js';
export * from './known-plans.migration.js';
export * from './plans-knowledge.js';
