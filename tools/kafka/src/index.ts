export * from './local-kafka.js';
export * from './topics.js';
