import { commandSchema, edgeTypeDefs, printedSchema } from '@loa/graphql';
import { contexts } from './gateway.module.js';
import { readModelSdl } from './read-models/read-models.js';

/** The whole API as text: what is committed as `schema.graphql`. */
export const apiSchema = (): string =>
  printedSchema([edgeTypeDefs, ...readModelSdl, commandSchema(contexts).typeDefs]);
