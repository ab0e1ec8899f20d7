export * from './event-schemas.js';
export * from './services.js';
