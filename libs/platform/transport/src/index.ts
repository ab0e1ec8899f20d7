export * from './event-transport.js';
export * from './log-transport.js';
