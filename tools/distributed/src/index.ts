export * from './distributed.js';
export type { Ran } from './ran.js';
export * from './service-process.js';
