export * from './gateway.js';
export type { GatewayOptions } from './gateway.module.js';
export { readerNames } from './operations/parked-desk.js';
export * from './read-generations.js';
export * from './read-side.js';
export { apiSchema } from './schema.js';
export { openQuestions, READER, READ_SCHEMA } from './read-models/read-database.table.js';
