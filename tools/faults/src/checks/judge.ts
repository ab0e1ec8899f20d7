import { violationsOf, type BrokenRule, type SeenEvent, type Violation } from '@loa/testing';
import { link, type Fails } from '../world/contract.js';
import type { Evidence, ReaderEvidence, StreamRow } from './evidence.js';

export interface Finding {
  readonly rule: BrokenRule | 'answers' | 'in time' | 'survives';
  readonly what: string;
}

/** Everything that a run broke of what was promised; nothing, when all is well. Pure. */
export function judge({ calls, reads, stored, readers, strange, late, crashes }: Evidence): Finding[] {
  return [
    ...violationsOf({ calls, reads, stored }),
    ...readers.flatMap((reader) => wrongRows(reader, stored)),
    ...[...new Set(strange)].map((what): Finding => ({ rule: 'answers', what })),
    ...late.map((what): Finding => ({ rule: 'in time', what })),
    ...crashes.map((what): Finding => ({ rule: 'survives', what })),
  ];
}

/** Rows and what is parked are what the log says they are, event by event. */
function wrongRows({ reader, rows, parked }: ReaderEvidence, stored: readonly SeenEvent[]): Violation[] {
  const found = new Map<string, unknown>([...rows].map(([stream, row]) => [`row ${stream}`, row]));
  for (const { streamId, ...event } of parked) {
    const key = `parked ${streamId}`;
    found.set(key, [...((found.get(key) as unknown[] | undefined) ?? []), event]);
  }
  return violationsOf({ calls: [], reads: [], stored, model: { rows: found, fold: made } })
    .filter(({ rule }) => rule === 'read model')
    .map(({ rule, what }) => ({ rule, what: `${reader}: ${what}` }));
}

/** What a reader makes of a log: a stream is folded up to the first event that always fails, and parked from there on. */
function made(log: readonly SeenEvent[]): ReadonlyMap<string, unknown> {
  const result = new Map<string, unknown>();
  for (const { streamId, position, version, eventId, content } of log) {
    const key = `parked ${streamId}`;
    const parked = result.get(key) as unknown[] | undefined;
    if (parked) parked.push({ position, version, why: 'behind' });
    else if (failsOf(content) === 'always') result.set(key, [{ position, version, why: 'failed' }]);
    else {
      const before = (result.get(`row ${streamId}`) as StreamRow | undefined) ?? { count: 0, chain: '' };
      const row = { count: before.count + 1, version, chain: link(before.chain, { version, eventId }) };
      result.set(`row ${streamId}`, row satisfies StreamRow);
    }
  }
  return result;
}

const failsOf = (content = '{}'): Fails => (JSON.parse(content) as { fails: Fails }).fails;

/** Which figure of the summary a broken rule counts for. */
export const figureOf: Readonly<
  Record<Finding['rule'], 'lost' | 'doubled' | 'out of order' | 'wrong rows' | 'other'>
> = {
  'acknowledged is stored': 'lost',
  'all or nothing': 'lost',
  'read and gone': 'lost',
  'every event once': 'doubled',
  'answered as appended once': 'doubled',
  'dense positions': 'out of order',
  'versions of a stream': 'out of order',
  'real-time order': 'out of order',
  'reader complete': 'out of order',
  'read model': 'wrong rows',
  'refused is not stored': 'other',
  'nobody asked for it': 'other',
  answers: 'other',
  'in time': 'other',
  survives: 'other',
};
