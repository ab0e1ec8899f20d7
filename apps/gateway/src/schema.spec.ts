import { readFile } from 'node:fs/promises';
import { apiSchema } from './schema.js';

it('is the schema that was committed (npm run contracts writes it)', async () =>
  expect(await readFile(new URL('../schema.graphql', import.meta.url), 'utf8')).toBe(apiSchema()));
