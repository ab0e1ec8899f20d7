export * from './settings.js';
export * from './standalone.js';
export * from './story-queries.js';
