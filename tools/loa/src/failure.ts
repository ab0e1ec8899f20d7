import { isTransient, missingMigrations, openPool } from '@loa/database';
import { CannotDo } from './cannot-do.js';
import { findInstallation, keyOf, type DatabaseName, type DatabasePlace } from './installation.js';
import { withPool } from './lent-pool.js';

const SQL_STATE = /^[0-9A-Z]{5}$/;

/**
 * What went wrong, for whoever has to put it right: a command that failed on a database does not know which one or why,
 * so every database of the installation is asked, now that there is time.
 * @returns a CannotDo that says what to do, or the error itself when no database is at fault
 */
export async function explained(error: unknown, environment: NodeJS.ProcessEnv): Promise<unknown> {
  if (error instanceof CannotDo || !isOfDatabase(error)) return error;
  const { contexts, read } = await findInstallation(environment);
  const places = [...contexts, read];
  const silent = await allOf(places, unreachable);
  if (silent.length > 0) return new CannotDo(silent.join('\n'));
  const old = await allOf(places, notMigrated);
  if (old.length > 0) return new CannotDo(old.join('\n'));
  return isTransient(error)
    ? new CannotDo(`a database did not answer: ${reasonOf(error)}. Try again`)
    : error;
}

const isOfDatabase = (error: unknown): boolean =>
  isTransient(error) || (error instanceof Error && 'code' in error && SQL_STATE.test(String(error.code)));

const allOf = async (
  places: readonly DatabasePlace[],
  wrong: (place: DatabasePlace) => Promise<string[]>,
): Promise<string[]> => (await Promise.all(places.map(wrong))).flat();

async function unreachable({ name, runtime, owner }: DatabasePlace): Promise<string[]> {
  const told = await Promise.all([
    silenceOf(name, runtime, ''),
    owner === undefined ? undefined : silenceOf(name, owner, '_OWNER'),
  ]);
  return told.filter((one) => one !== undefined);
}

async function silenceOf(
  name: DatabaseName,
  connectionString: string,
  role: '' | '_OWNER',
): Promise<string | undefined> {
  const pool = openPool({ connectionString, applicationName: 'loa-cli', max: 1 });
  try {
    await pool.query('SELECT 1');
    return undefined;
  } catch (error) {
    return (
      `the database ${name} cannot be reached at ${shown(connectionString)}: ${reasonOf(error)}. See that it runs, and ` +
      `that ${keyOf(name, role)}, if that is set, is its address`
    );
  } finally {
    await pool.end();
  }
}

/** Without the password, and without options, which may hold one too. */
function shown(connectionString: string): string {
  const { protocol, username, host, pathname } = new URL(connectionString);
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
}

/** An error that stands for those of several addresses has no words of its own. */
function reasonOf(error: unknown): string {
  const { message, errors } = error as { message: string; errors?: readonly unknown[] };
  return message || (errors?.[0] instanceof Error ? errors[0].message : String(error));
}

async function notMigrated(place: DatabasePlace): Promise<string[]> {
  // All that is migrated takes seconds to load.
  const { schemas } = await import('./build.js');
  const missing = await withPool(place, (pool) => missingMigrations(pool, schemas.get(place.name)!));
  if (missing.length === 0) return [];
  return [`the database ${place.name} lacks ${missing.length} migrations of this build: run "loa migrate"`];
}
