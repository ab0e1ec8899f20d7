export * from './catalogue.js';
export * from './exposition.js';
export * from './metrics.js';
export * from './serve-metrics.js';
export * from './watched.js';
