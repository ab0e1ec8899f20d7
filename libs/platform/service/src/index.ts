export * from './clock.js';
export * from './command-door.js';
export * from './ids.js';
