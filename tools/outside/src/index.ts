export * from './client.js';
export * from './end-process.js';
export * from './small-world.js';
export * from './standalone-process.js';
export * from './wording.js';
