export * from './leaf.js';
export * from './merkle.js';
export * from './proof.js';
export * from './seal.js';
export * from './sealer.js';
export * from './seals.migration.js';
export * from './verify.js';
