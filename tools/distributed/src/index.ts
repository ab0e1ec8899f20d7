export * from './distributed.js';
export * from './service-process.js';
