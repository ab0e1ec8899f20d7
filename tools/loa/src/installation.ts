import type { Schema } from '@loa/database';
import { FileStore } from '@loa/files';
import { readSchema } from '@loa/gateway';
import { LocalPostgres } from '@loa/local-postgres';
import { monitoringContext } from '@loa/monitoring';
import { planningContext } from '@loa/planning';
import { reportingContext } from '@loa/reporting';
import { readConfiguration, type ContextDefinition } from '@loa/service';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** How to reach one database: as the role that serves, and as the one that owns the tables. */
export interface DatabasePlace {
  readonly runtime: string;
  /** Left out when it was not given: what needs it says so. */
  readonly owner: string | undefined;
  readonly schema: Schema;
}

export interface ContextPlace extends DatabasePlace {
  readonly name: string;
  readonly definition: ContextDefinition;
}

/** A running Loa: the databases of its contexts and the read database. */
export interface Installation {
  readonly contexts: readonly ContextPlace[];
  readonly read: DatabasePlace;
  /** Names the build, for what is made with it. */
  readonly release: string;
}

/** What was asked cannot be done; the message says what to do. */
export class CannotDo extends Error {}

// Files are never looked at here.
const definitions = [
  planningContext,
  reportingContext(new FileStore({ folder: tmpdir() })),
  monitoringContext,
];

const url = z.url({ protocol: /^postgres(ql)?$/ }).optional();
/** What the program reads from its environment. */
export const InstallationSettings = z.object({
  LOA_HOME: z.string().min(1).optional(),
  LOA_RELEASE: z.string().min(1).max(100).default('unreleased'),
  LOA_PLANNING_DATABASE_URL: url,
  LOA_REPORTING_DATABASE_URL: url,
  LOA_MONITORING_DATABASE_URL: url,
  LOA_READ_DATABASE_URL: url,
  LOA_PLANNING_OWNER_DATABASE_URL: url,
  LOA_REPORTING_OWNER_DATABASE_URL: url,
  LOA_MONITORING_OWNER_DATABASE_URL: url,
  LOA_READ_OWNER_DATABASE_URL: url,
});

/**
 * The installation that the environment names: four database addresses, or none of them and then the standalone one that
 * runs on this machine.
 * @throws CannotDo when an address is missing, or nothing runs here
 */
export async function findInstallation(environment: NodeJS.ProcessEnv): Promise<Installation> {
  const settings = readConfiguration(InstallationSettings, environment);
  const names = [...definitions.map(({ name }) => name), 'read'];
  const runtimeOf = (name: string) => settings[keyOf(name, '')];
  const missing = names.filter((name) => runtimeOf(name) === undefined);
  if (missing.length === names.length)
    return local(resolve(settings.LOA_HOME ?? join('.loa', 'standalone')), settings.LOA_RELEASE);
  if (missing.length > 0) {
    throw new CannotDo(
      `set ${missing.map((name) => keyOf(name, '')).join(', ')} as well: an installation has ${names.length} databases`,
    );
  }
  return installation(settings.LOA_RELEASE, (name) => ({
    runtime: runtimeOf(name)!,
    owner: settings[keyOf(name, '_OWNER')],
  }));
}

type Key = Exclude<keyof z.output<typeof InstallationSettings>, 'LOA_HOME' | 'LOA_RELEASE'>;
const keyOf = (name: string, role: '' | '_OWNER') => `LOA_${name.toUpperCase()}${role}_DATABASE_URL` as Key;

function installation(release: string, of: (name: string) => Omit<DatabasePlace, 'schema'>): Installation {
  return {
    release,
    contexts: definitions.map((definition) => ({
      ...of(definition.name),
      name: definition.name,
      definition,
      schema: definition.schema,
    })),
    read: { ...of('read'), schema: readSchema },
  };
}

/** Whoever may read the data folder is its master: in as superuser, then at once down to the role that is needed. */
async function local(home: string, release: string): Promise<Installation> {
  const admin = await LocalPostgres.running(join(home, 'postgres'));
  if (admin === undefined) {
    throw new CannotDo(
      `nothing runs on ${home}. Start it with "npm start" and leave it running, choose another folder with LOA_HOME, or ` +
        `name the databases: ${[...definitions.map(({ name }) => name), 'read'].map((name) => keyOf(name, '')).join(', ')}`,
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
export function ownerOf(name: string, { owner }: DatabasePlace): string {
  if (owner !== undefined) return owner;
  throw new CannotDo(
    `this changes tables: set ${keyOf(name, '_OWNER')} to the address of the role that owns them`,
  );
}
