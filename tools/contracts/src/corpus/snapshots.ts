import type { Decider, DomainEvent } from '@loa/event-sourcing';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { root } from '../event-schemas.js';
import { describedServices } from '../services.js';
import { formatted } from '../tables.js';
import { chapters } from './corpus.js';
import { fieldsHeld } from './coverage.js';
import { delivered, statesAfter, streamsOf } from './replay.js';

/**
 * What snapshots of one kind of thing hold over the corpus. Unlike events they may be lost: only those of the schema
 * number of today are recorded, as only those are ever restored.
 */
export interface Snapshots {
  readonly schema: number;
  /** By stream: after its first event, after its second… */
  readonly states: Readonly<Record<string, readonly unknown[]>>;
}

export const snapshotsFolder = join(root, 'tools', 'contracts', 'snapshots');
const fileOf = (name: string, folder: string) => join(folder, `${name}.json`);

/** What the code makes of the corpus now, by kind of thing, e.g. planning.plan. */
export async function snapshotsNow(): Promise<ReadonlyMap<string, Snapshots>> {
  const written = await chapters();
  const found = new Map<string, Snapshots>();
  for (const { definition } of describedServices()) {
    const streams = written.flatMap(({ story }) => [
      ...streamsOf(definition.events, delivered(story[definition.name] ?? [])),
    ]);
    for (const decider of definition.deciders) {
      if (!decider.snapshot) continue;
      const kept = streams.map(([id, facts]) => [id, keptAfter(decider, facts)] as const);
      found.set(`${definition.name}.${decider.aggregate}`, {
        schema: decider.snapshot.schema,
        states: Object.fromEntries(kept.filter(([, states]) => states.length > 0)),
      });
    }
  }
  return found;
}

/** As JSON gives it back. */
const keptAfter = (decider: Decider, facts: readonly DomainEvent[]): unknown[] =>
  statesAfter(decider, facts).map(
    (state) => JSON.parse(JSON.stringify(decider.snapshot?.keep(state))) as unknown,
  );

/** @returns what was recorded of one kind of thing; nothing when nothing was */
export async function recordedSnapshots(
  name: string,
  folder = snapshotsFolder,
): Promise<Snapshots | undefined> {
  const text = await readFile(fileOf(name, folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Snapshots);
}

/** @returns a sentence for each way in which snapshots that were taken until now would be misread by the code of now */
export function misread(before: Snapshots | undefined, now: Snapshots): string[] {
  if (!before || before.schema < now.schema) return [];
  if (before.schema > now.schema)
    return [`\`schema\` went back from ${before.schema} to ${now.schema}: it only counts up`];
  const raise = `raise \`schema\` to ${now.schema + 1}, then npm run contracts records the new states`;
  const others = Object.entries(before.states).flatMap(([stream, states]) => {
    const at = states.findIndex((state, index) => !isDeepStrictEqual(state, now.states[stream]?.[index]));
    return at < 0 ? [] : [`event ${at + 1} of ${stream} leads to another state than it did: ${raise}`];
  });
  // Only a new chapter shows a field that events got later; a release before it keeps the state without it.
  const known = fieldsOf(before);
  const added = [...fieldsOf(now)].filter((field) => !known.has(field));
  return [...others, ...added.map((field) => `states have a new field ${field}: ${raise}`)];
}

const fieldsOf = ({ states }: Snapshots): ReadonlySet<string> =>
  new Set(
    Object.values(states)
      .flat()
      .flatMap((state) => fieldsHeld(state)),
  );

/** Records what is new, over what was. @throws when a schema number has to be raised first */
export async function writeSnapshots(folder = snapshotsFolder, snapshots?: ReadonlyMap<string, Snapshots>) {
  await mkdir(folder, { recursive: true });
  for (const [name, now] of snapshots ?? (await snapshotsNow())) {
    const wrong = misread(await recordedSnapshots(name, folder), now);
    if (wrong.length > 0) throw new Error(`snapshots of ${name}:\n  ${wrong.join('\n  ')}`);
    const file = fileOf(name, folder);
    await writeFile(file, await formatted(JSON.stringify(now), file));
  }
}
