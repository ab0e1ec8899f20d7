import { FileStore } from '@loa/files';
import { monitoringContext } from '@loa/monitoring';
import { planningContext } from '@loa/planning';
import { reportingContext, ReportingSettings } from '@loa/reporting';
import { MigrationSettings, OperatorSettings, ServiceSettings, type ContextDefinition } from '@loa/service';
import { contexts, type Promises } from './event-schemas.js';

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

/** What a service reads besides what every service reads. */
const ownSettings: Readonly<Record<string, { readonly shape: Readonly<Record<string, Parser>> }>> = {
  reporting: ReportingSettings,
};

/** The services that have a door, in the order of their contexts. */
export function describedServices(): DescribedService[] {
  return contexts.map((promises) => ({
    promises,
    definition: definitionOf(promises.context),
    settings: settingsOf(promises.context),
  }));
}

function definitionOf(context: string): ContextDefinition {
  const found = definitions.find(({ name }) => name === context);
  if (!found) throw new Error(`no service runs the context ${context}`);
  return found;
}

/** Every name that `apps/<service>/dist/main.js` reads from its environment. */
export function settingsOf(service: string): Setting[] {
  return [
    ...settingsIn(ServiceSettings.shape, 'serving'),
    ...settingsIn(definitionOf(service).knowledge ? OperatorSettings.shape : {}, 'serving'),
    ...settingsIn(ownSettings[service]?.shape ?? {}, 'both'),
    ...settingsIn(MigrationSettings.shape, 'migrating'),
  ];
}

interface Parser {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

function settingsIn(shape: Readonly<Record<string, Parser>>, readBy: Setting['readBy']): Setting[] {
  return Object.entries(shape).map(([name, parser]) => {
    const without = parser.safeParse(undefined);
    return { name, readBy, ...(without.success && { default: inWords(without.data) }) };
  });
}

const inWords = (fallback: unknown): string =>
  typeof fallback === 'string' ? fallback : (JSON.stringify(fallback) ?? 'off');
