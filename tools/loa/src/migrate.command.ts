import { migrate as bring } from '@loa/database';
import type { Installation } from './installation.js';
import { ownerOf } from './installation.js';
import type { Outcome } from './outcome.js';

/** Brings every database to the schema of this build; what is up to date stays as it is. */
export async function migrate({ contexts, read }: Installation): Promise<Outcome> {
  const places = [...contexts.map((place) => ({ ...place })), { ...read, name: 'read' }];
  // All addresses first: half the databases migrated is worse than none.
  const owners = places.map((place) => ownerOf(place.name, place));
  const done: { database: string; migrations: string[] }[] = [];
  for (const [index, { name, schema }] of places.entries()) {
    done.push({ database: name, migrations: await bring(owners[index]!, schema) });
  }
  return {
    json: { databases: done },
    text: done
      .map(
        ({ database, migrations }) =>
          `${database}: ${migrations.length === 0 ? 'up to date' : `migrated: ${migrations.join(', ')}`}`,
      )
      .join('\n'),
  };
}
