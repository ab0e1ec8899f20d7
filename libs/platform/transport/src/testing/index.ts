export * from './carriers.js';
export { describeWithKafka } from './kafka-suite.js';
export * from './test-source.js';
