export * from './local-postgres.js';
export { placeFor } from './places.js';
