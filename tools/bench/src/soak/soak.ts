import { Client } from '@loa/outside';
import { figure, type Table } from '@loa/terminal';
import type { Bench } from '../bench.js';
import { Corrections, makeDrafts } from '../visible/drafts.js';
import { steadily } from '../visible/pace.js';
import { memoryOf } from './memory.js';
import { STRETCHES, trendOf, WARM_UP_SHARE, type Sample, type Trend } from './trend.js';

/** An hour of a busy province, hour after hour. */
const PER_SECOND = 40;
const DRAFTS = 400;
/** Front ends look as well: one question after every so many commands. */
const COMMANDS_PER_QUESTION = 4;
/** Looks at the memory within one soak, however long: a regression needs no more. */
const LOOKS = 120;

export interface Soaked {
  readonly mode: 'standalone' | 'distributed';
  readonly process: string;
  readonly minutes: number;
  readonly commands: number;
  readonly resident: Trend;
  readonly heap: Trend;
  /** Full garbage collections after the warm-up. */
  readonly collections: number;
}

interface Watched {
  readonly name: string;
  readonly url: string;
  readonly resident: Sample[];
  readonly heap: Sample[];
  readonly collections: number[];
}

const question = `query Soak($first: Int) { activities(first: $first) {
  totalCount edges { node { id title status version agency { name } } } } }`;

/**
 * Keeps a system under an even load, commands and questions, and looks at the memory of its processes meanwhile.
 * @param processes their names and where they answer `/metrics`
 */
export async function soak(
  { soakMinutes: minutes, step }: Bench,
  mode: Soaked['mode'],
  gateway: string,
  processes: Readonly<Record<string, string>>,
): Promise<Soaked[]> {
  step(`${mode}: ${PER_SECOND} commands a second for ${minutes} min`);
  const client = new Client(gateway);
  try {
    const corrections = new Corrections(client, await makeDrafts(client, DRAFTS));
    const watched = Object.entries(processes).map(([name, url]): Watched => ({
      name,
      url,
      resident: [],
      heap: [],
      collections: [],
    }));
    const total = Math.round(PER_SECOND * minutes * 60);
    const every = Math.ceil(total / LOOKS);
    let commands = 0;
    await steadily(PER_SECOND, minutes * 60, async (index) => {
      await corrections.next();
      commands += 1;
      if (index % COMMANDS_PER_QUESTION === 0) await client.query(question, { first: 20 });
      if (index % every === 0) await Promise.all(watched.map((one) => look(one, commands)));
    });
    return watched.map(({ name, resident, heap, collections }) => ({
      mode,
      process: name,
      minutes,
      commands,
      resident: trendOf(resident),
      heap: trendOf(heap),
      collections: collections.at(-1)! - collections[Math.floor(collections.length * WARM_UP_SHARE)]!,
    }));
  } finally {
    client.close();
  }
}

async function look({ url, resident, heap, collections }: Watched, commands: number): Promise<void> {
  const memory = await memoryOf(url);
  resident.push({ commands, value: memory.resident });
  heap.push({ commands, value: memory.heap });
  collections.push(memory.collections);
}

/** Growth counts only when garbage was collected in about every stretch: until then all memory grows. */
function verdict({ slope, flat }: Trend, collections: number): string {
  if (flat) return 'flat';
  return collections < STRETCHES ? 'too short to tell' : `+${figure(slope)} MiB`;
}

export const soakTable = (found: readonly Soaked[]): Table => ({
  title: `Memory under ${PER_SECOND} commands a second and a question for every ${COMMANDS_PER_QUESTION}, ${found[0]?.mode}`,
  columns: [
    'process',
    'minutes',
    'commands',
    'RSS MiB',
    'per 1000 commands',
    'heap MiB',
    'per 1000 commands',
    'full GCs',
  ],
  rows: found.map(({ process, minutes, commands, resident, heap, collections }) => [
    process,
    minutes,
    commands,
    resident.level,
    verdict(resident, collections),
    heap.level,
    verdict(heap, collections),
    collections,
  ]),
  notes: [
    'From /metrics. The first third is warm-up; of the rest the lowest points of six stretches, so that garbage does not count.',
    'too short to tell: it grew, but there were fewer than six full collections, so that this may be garbage: soak longer.',
    'flat: it grew by no more than 2 % of its level, or than the lowest points sway around their own line.',
  ],
});
