export * from './gateway.js';
export type { GatewayOptions } from './gateway.module.js';
export * from './read-side.js';
export { apiSchema } from './schema.js';
