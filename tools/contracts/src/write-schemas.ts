import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { breaches, type JsonSchema } from './additive.js';
import { contexts, schemaFile, schemaOf } from './event-schemas.js';

/** Writes the schemas of all events; refuses to change a version in any way but by adding to it. */
async function main(): Promise<void> {
  for (const event of contexts.flatMap(({ events }) => events)) {
    const file = schemaFile(event);
    const schema = schemaOf(event);
    if (existsSync(file)) {
      const found = breaches(JSON.parse(await readFile(file, 'utf8')) as JsonSchema, schema);
      if (found.length > 0) {
        throw new Error(
          `${event.type} v${event.schemaVersion} needs a new version:\n  ${found.join('\n  ')}`,
        );
      }
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
  }
}

await main();
