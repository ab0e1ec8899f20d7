export * from './answer.js';
export * from './contract.js';
export * from './decider.js';
export * from './fields.js';
export * from './given.js';
export * from './recorded.js';
export * from './text.js';
