import { doorRefusals, type CommandContract, type EventContract, type Localized } from '@loa/event-sourcing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contexts, root } from './event-schemas.js';
import { anchorOf } from './event-catalogue.js';
import { describedServices, type DescribedService, type Setting } from './services.js';
import { code, codes, filled, formatted, table } from './tables.js';

export interface Page {
  readonly file: string;
  readonly text: string;
}

/** The READMEs of the services, with their tables as the contracts have them now. */
export async function servicePages(): Promise<Page[]> {
  return Promise.all(
    describedServices().map(async (service) => {
      const file = join(root, 'apps', service.promises.context, 'README.md');
      return { file, text: await formatted(filled(await readFile(file, 'utf8'), partsOf(service)), file) };
    }),
  );
}

/** What stands between the marks of one README. */
export function partsOf(service: DescribedService): Readonly<Record<string, string>> {
  return {
    commands: commandsOf(service),
    refusals: wordsOf(service.promises.commands),
    'events-out': eventsOut(service.promises.events),
    'events-in': eventsIn(service),
    settings: settingsTable(service.settings),
  };
}

function commandsOf({ promises, definition }: DescribedService): string {
  const aggregateOf = (name: string) =>
    definition.deciders.find(({ decisions }) => decisions.some(({ contract }) => contract.name === name))
      ?.aggregate ?? '';
  return table(
    ['Command', 'About', 'Meaning', 'Refused for', 'Warns of'],
    promises.commands.map(({ name, meaning, refusals, warnings }) => [
      code(name),
      aggregateOf(name),
      meaning,
      codes(Object.keys(refusals)),
      codes(Object.keys(warnings)),
    ]),
  );
}

/** Every code that the commands can answer with, and what it says to people. */
function wordsOf(commands: readonly CommandContract[]): string {
  const own = Object.assign(
    {},
    ...commands.flatMap(({ refusals, warnings }) => [refusals, warnings]),
  ) as Record<string, Localized>;
  const rows = Object.entries({ ...own, ...doorRefusals }) as [string, Localized][];
  return table(
    ['Code', 'Tiếng Việt', 'English'],
    rows.map(([name, { vi, en }]) => [code(name), vi, en]),
  );
}

const linked = (event: EventContract): string =>
  `[\`${event.type}\`](../../docs/event-catalogue.md#${anchorOf(event)})`;

const eventsOut = (events: readonly EventContract[]): string =>
  table(
    ['Event', 'Version', 'Meaning'],
    events.map((event) => [linked(event), String(event.schemaVersion), event.meaning]),
  );

function eventsIn({ definition: { knowledge } }: DescribedService): string {
  if (!knowledge) return 'None: it looks at nothing but its own log.';
  const known = new Map(contexts.flatMap(({ events }) => events).map((event) => [event.type, event]));
  return knowledge.projections
    .map(({ name, tables, handlers }) => {
      const events = [...handlers.keys()].map((type) => known.get(type)!);
      const kept = codes(tables.map((one) => `${knowledge.schema}.${one.name}`));
      const rows = events.map((event) => [linked(event), event.meaning]);
      return `The projection ${code(name)} keeps ${kept}.\n\n${table(['Event', 'Meaning'], rows)}`;
    })
    .join('\n\n');
}

/** What a setting is for. A setting without a sentence here fails the check of the pages. */
const settingMeanings: Readonly<Record<string, string>> = {
  LOA_DATABASE_URL: '`postgres://…` to the database of the service, as the role that serves.',
  LOA_HTTP_HOST: 'The address to listen on.',
  LOA_HTTP_PORT: 'The port to listen on; 0: any that is free.',
  KAFKA_BROKERS: '`host:port` of some brokers, separated by commas; they name the others.',
  LOA_KAFKA_PREFIX: 'Topics are `<prefix>.<context>.events` and `….heartbeat`.',
  LOA_KAFKA_PACE: '`local` notices failures within seconds, `production` is patient with slow members.',
  LOG_LEVEL: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
  LOA_OPERATOR_TOKEN:
    'What the gateway sends for operators, `Authorization: Bearer …`, 32 characters or more: the same as its own.',
  LOA_FILES_FOLDER: 'The folder, or mounted volume, where the gateway puts uploaded files.',
  LOA_OWNER_DATABASE_URL: '`postgres://…` to the same database, as the role that owns its tables.',
};

function settingsTable(settings: readonly Setting[]): string {
  return table(
    ['Name', 'Read when', 'Left out', 'Meaning'],
    settings.map(({ name, readBy, default: fallback }) => {
      const meaning = settingMeanings[name];
      if (!meaning) throw new Error(`say in settingMeanings what ${name} is for`);
      return [code(name), readBy, fallback === undefined ? 'refuses to start' : code(fallback), meaning];
    }),
  );
}
