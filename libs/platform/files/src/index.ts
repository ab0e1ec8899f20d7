export * from './file.store.js';
export { evidenceMediaTypes } from './media-type.sniffer.js';
export * from './stored-file.js';
