import { FileStore } from '@loa/files';
import { monitoringContext } from '@loa/monitoring';
import { planningContext } from '@loa/planning';
import { reportingContext } from '@loa/reporting';
import { MigrationSettings, ServiceSettings, type ContextDefinition } from '@loa/service';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contexts, root, type Promises } from './event-schemas.js';

export interface Setting {
  readonly name: string;
  /** Undefined: it must be set. */
  readonly default?: string;
  readonly readBy: 'serving' | 'migrating' | 'both';
}

/** A service as it runs: what its context promises, what it is made of, and what it reads from its environment. */
export interface DescribedService {
  readonly promises: Promises;
  readonly definition: ContextDefinition;
  readonly settings: readonly Setting[];
}

const definitions: readonly ContextDefinition[] = [
  planningContext,
  // Only described here: no file is looked at.
  reportingContext(new FileStore({ folder: 'no-files' })),
  monitoringContext,
];

/** The services that have a door, in the order of their contexts. */
export async function describedServices(): Promise<DescribedService[]> {
  return Promise.all(
    contexts.map(async (promises) => ({
      promises,
      definition: definitionOf(promises.context),
      settings: await settingsOf(promises.context),
    })),
  );
}

function definitionOf(context: string): ContextDefinition {
  const found = definitions.find(({ name }) => name === context);
  if (!found) throw new Error(`no service runs the context ${context}`);
  return found;
}

/** Every name that `apps/<service>/dist/main.js` reads from its environment. */
export async function settingsOf(service: string): Promise<Setting[]> {
  const own = ownSettings(await readFile(join(root, 'apps', service, 'src', 'main.ts'), 'utf8'));
  return [
    ...settingsIn(ServiceSettings.shape, 'serving'),
    ...own.map((name): Setting => ({ name, readBy: 'both' })),
    ...settingsIn(MigrationSettings.shape, 'migrating'),
  ];
}

interface Parser {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

function settingsIn(shape: Readonly<Record<string, Parser>>, readBy: Setting['readBy']): Setting[] {
  return Object.entries(shape).map(([name, parser]) => {
    const without = parser.safeParse(undefined);
    return { name, readBy, ...(without.success && { default: String(without.data) }) };
  });
}

/**
 * The names in `settings: z.object({ … })` of a service's main.ts: text, because importing that file starts the service.
 * @throws when one of them may be left out, which this reading cannot tell
 */
export function ownSettings(main: string): string[] {
  const [, body = ''] = /settings: z\.object\(\{([\s\S]*?)\}\)/.exec(main) ?? [];
  if (/default\(|optional\(/.test(body)) throw new Error(`a setting of main.ts may be left out: ${body}`);
  return [...body.matchAll(/\b([A-Z][A-Z0-9_]*):/g)].map(([, name]) => name!);
}
