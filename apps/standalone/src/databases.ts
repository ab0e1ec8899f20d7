import { migrate, provision, type Schema } from '@loa/database';
import { LocalPostgres } from '@loa/local-postgres';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

const password = () => randomBytes(16).toString('hex');

/**
 * The same databases and roles as when every service runs by itself; the passwords live as long as this process. They
 * are reached over the Unix socket where there is one: nobody else needs these addresses.
 */
export async function openDatabases<Name extends string>(
  home: string,
  schemas: Readonly<Record<Name, Schema>>,
): Promise<{ postgres: LocalPostgres; urls: Readonly<Record<Name, string>> }> {
  const postgres = await LocalPostgres.start({ folder: join(home, 'postgres') });
  try {
    const admin = postgres.socketUrl ?? postgres.adminUrl;
    const urls = {} as Record<Name, string>;
    for (const [name, schema] of Object.entries(schemas) as [Name, Schema][]) {
      const access = await provision(admin, name, { owner: password(), runtime: password() });
      await migrate(access.owner, schema);
      urls[name] = access.runtime;
    }
    return { postgres, urls };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
