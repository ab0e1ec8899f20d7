import { commandSchema, edgeTypeDefs, printedSchema } from '@loa/graphql';
import { contexts } from './contexts.js';
import { driftSdl } from './operations/drift/drift.sdl.js';
import { parkedSdl } from './operations/parked.sdl.js';
import { readModelSdl } from './read-models/read-models.js';

/** The whole API as text: what is committed as `schema.graphql`. */
export const apiSchema = (): string =>
  printedSchema([edgeTypeDefs, ...readModelSdl, parkedSdl, driftSdl, commandSchema(contexts).typeDefs]);
