import { LocalPostgres } from '@loa/local-postgres';
import { BadConfiguration, readConfiguration } from '@loa/service/configuration';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CannotDo } from './cannot-do.js';

export const contextNames = ['planning', 'reporting', 'monitoring'] as const;
export type ContextName = (typeof contextNames)[number];
const databaseNames = [...contextNames, 'read'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** In the place of a name: two builds without one may be the same or not. */
export const UNRELEASED = 'unreleased';

/** How to reach one database: as the role that serves, and as the one that owns the tables. */
export interface DatabasePlace {
  readonly name: DatabaseName;
  readonly runtime: string;
  /** Left out when it was not given: what needs it says so. */
  readonly owner: string | undefined;
}

/** A running Loa: the databases of its contexts and the read database. */
export interface Installation {
  readonly contexts: readonly DatabasePlace[];
  readonly read: DatabasePlace;
  /** Names the build, for what is made with it; {@link UNRELEASED}: it has no name. */
  readonly release: string;
}

export const placeOf = ({ contexts, read }: Installation, name: DatabaseName): DatabasePlace =>
  contexts.find((place) => place.name === name) ?? read;

const url = z.url({ protocol: /^postgres(ql)?$/ }).optional();
/** What the program reads from its environment. */
export const InstallationSettings = z.object({
  LOA_HOME: z.string().min(1).optional(),
  LOA_RELEASE: z.string().min(1).max(100).default(UNRELEASED),
  LOA_PLANNING_DATABASE_URL: url,
  LOA_REPORTING_DATABASE_URL: url,
  LOA_MONITORING_DATABASE_URL: url,
  LOA_READ_DATABASE_URL: url,
  LOA_PLANNING_OWNER_DATABASE_URL: url,
  LOA_REPORTING_OWNER_DATABASE_URL: url,
  LOA_MONITORING_OWNER_DATABASE_URL: url,
  LOA_READ_OWNER_DATABASE_URL: url,
});
type Settings = z.output<typeof InstallationSettings>;

/**
 * The installation that the environment names: four database addresses, or none of them and then the standalone one that
 * runs on this machine.
 * @throws CannotDo when a setting is wrong, an address is missing, or nothing runs here
 */
export async function findInstallation(environment: NodeJS.ProcessEnv): Promise<Installation> {
  const settings = settingsIn(environment);
  const runtimeOf = (name: DatabaseName) => settings[keyOf(name, '')];
  const missing = databaseNames.filter((name) => runtimeOf(name) === undefined);
  if (missing.length === databaseNames.length)
    return local(resolve(settings.LOA_HOME ?? join('.loa', 'standalone')), settings.LOA_RELEASE);
  if (missing.length > 0) {
    throw new CannotDo(
      `set ${missing.map((name) => keyOf(name, '')).join(', ')} as well: an installation has ` +
        `${databaseNames.length} databases`,
    );
  }
  return installation(settings.LOA_RELEASE, (name) => ({
    runtime: runtimeOf(name)!,
    owner: settings[keyOf(name, '_OWNER')],
  }));
}

function settingsIn(environment: NodeJS.ProcessEnv): Settings {
  try {
    return readConfiguration(InstallationSettings, environment);
  } catch (error) {
    throw error instanceof BadConfiguration ? new CannotDo(error.message) : error;
  }
}

/** The setting that names the address of a database. */
export const keyOf = <Role extends '' | '_OWNER'>(name: DatabaseName, role: Role) =>
  `LOA_${name.toUpperCase() as Uppercase<DatabaseName>}${role}_DATABASE_URL` as const;

function installation(
  release: string,
  of: (name: DatabaseName) => Omit<DatabasePlace, 'name'>,
): Installation {
  const place = (name: DatabaseName) => ({ name, ...of(name) });
  return { release, contexts: contextNames.map(place), read: place('read') };
}

/** Whoever may read the data folder is its master: in as superuser, then at once down to the role that is needed. */
async function local(home: string, release: string): Promise<Installation> {
  const admin = await LocalPostgres.running(join(home, 'postgres'));
  if (admin === undefined) {
    throw new CannotDo(
      `nothing runs on ${home}. Start it with "npm start" and leave it running, choose another folder with LOA_HOME, or ` +
        `name the databases: ${databaseNames.map((name) => keyOf(name, '')).join(', ')}`,
    );
  }
  const as = (name: string, role: string) => {
    const address = new URL(admin);
    address.pathname = `/loa_${name}`;
    address.searchParams.set('options', `-c role=${role}`);
    return address.toString();
  };
  return installation(release, (name) => ({
    runtime: as(name, `loa_${name}`),
    owner: as(name, `loa_${name}_owner`),
  }));
}

/** @throws CannotDo when the address of the owner was not given */
export function ownerOf({ name, owner }: DatabasePlace): string {
  if (owner !== undefined) return owner;
  throw new CannotDo(
    `this changes tables: set ${keyOf(name, '_OWNER')} to the address of the role that owns them`,
  );
}
