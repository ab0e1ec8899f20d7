import { apiSchema } from '@loa/gateway';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { breaches, type JsonSchema } from './additive.js';
import { eventCatalogue } from './event-catalogue.js';
import { writeChapter } from './corpus/corpus.js';
import { writeForms } from './corpus/forms.js';
import { writeSnapshots } from './corpus/snapshots.js';
import { promisedVersions, root, schemaFile, schemaOf } from './event-schemas.js';
import { servicePages } from './service-pages.js';

/** Writes the schemas of all events; refuses to change a version in any way but by adding to it. */
async function writeSchemas(): Promise<void> {
  for (const { event, schemaVersion, schema: shape } of promisedVersions) {
    const file = schemaFile(event, schemaVersion);
    const schema = schemaOf(event, shape);
    if (existsSync(file)) {
      const found = breaches(JSON.parse(await readFile(file, 'utf8')) as JsonSchema, schema);
      if (found.length > 0) {
        throw new Error(`${event.type} v${schemaVersion} needs a new version:\n  ${found.join('\n  ')}`);
      }
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
  }
}

/** Writes the whole GraphQL API as text. */
async function writeApi(): Promise<void> {
  await writeFile(join(root, 'apps', 'gateway', 'schema.graphql'), apiSchema());
}

/** Writes the pages that are made from the contracts: the event catalogue, and the tables of the services. */
async function writePages(): Promise<void> {
  for (const { file, text } of [await eventCatalogue(), ...(await servicePages())])
    await writeFile(file, text);
}

const added = await writeForms();
if (added) console.log(`new forms of events: tools/contracts/corpus/forms/${added}`);
await writeSchemas();
const chapter = await writeChapter();
if (chapter) console.log(`the corpus has a new chapter: tools/contracts/corpus/${chapter}`);
await writeSnapshots();
await writeApi();
await writePages();
