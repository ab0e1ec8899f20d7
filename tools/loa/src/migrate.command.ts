import { migrate as bring } from '@loa/database';
import { schemas } from './build.js';
import { ownerOf, type Installation } from './installation.js';
import type { Outcome } from './outcome.js';

/** Brings every database to the schema of this build; what is up to date stays as it is. */
export async function migrate({ contexts, read }: Installation): Promise<Outcome> {
  // All addresses first: half the databases migrated is worse than none.
  const owners = [...contexts, read].map((place) => ({ database: place.name, owner: ownerOf(place) }));
  const done: { database: string; migrations: string[] }[] = [];
  for (const { database, owner } of owners)
    done.push({ database, migrations: await bring(owner, schemas.get(database)!) });
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
