import { violationsOf, type BrokenRule, type SeenEvent, type Violation } from '@loa/testing';
import { failsFor, link, type Fails } from '../world/contract.js';
import { WATCH } from '../world/watch.js';
import type { Evidence, ReaderEvidence, StreamRow, StreamState } from './evidence.js';
import { untrueClaims } from './fresh.js';

const WATCHED_FROM_THE_START: ReadonlyMap<string, number> = new Map([[WATCH, 0]]);

export interface Finding {
  readonly rule: BrokenRule | 'fresh' | 'answers' | 'in time' | 'survives' | 'can be judged';
  readonly what: string;
}

/** Everything that a run broke of what was promised; nothing, when all is well. Pure. */
export function judge(evidence: Evidence): Finding[] {
  const { calls, reads, stored, readers, strange, late, crashes } = evidence;
  return [
    ...violationsOf({ calls, reads, stored, readers: WATCHED_FROM_THE_START }),
    ...readers.flatMap((reader) => wrongRows(reader, stored, parkedModel)),
    ...untrueClaims(evidence).map((what): Finding => ({ rule: 'fresh', what })),
    ...[...new Set(strange)].map((what): Finding => ({ rule: 'answers', what })),
    ...judgeLate(late),
    ...slowRecovery(evidence),
    ...crashes.map((what): Finding => ({ rule: 'survives', what })),
  ];
}

/** What had not come to rest when patience ended. Pure. */
export const judgeLate = (late: readonly string[]): Finding[] =>
  late.map((what) => ({ rule: 'in time', what }));

function slowRecovery({ recoveryMs, recoveredWithinMs }: Evidence): Finding[] {
  if (recoveryMs <= recoveredWithinMs) return [];
  return [
    { rule: 'in time', what: `recovered in ${Math.round(recoveryMs)} ms, not in ${recoveredWithinMs} ms` },
  ];
}

/** The same of what readers hold when operators have tried again what was parked, and left out what fails still. Pure. */
export const judgeCleared = (readers: readonly ReaderEvidence[], stored: readonly SeenEvent[]): Finding[] =>
  readers.flatMap((reader) => wrongRows(reader, stored, clearedModel));

type Model = (log: readonly SeenEvent[]) => ReadonlyMap<string, unknown>;

/** Rows, the states they were in, what is parked and what was left out are what the log says they are, event by event. */
function wrongRows(
  { reader, rows, states, parked, dropped }: ReaderEvidence,
  stored: readonly SeenEvent[],
  fold: Model,
): Violation[] {
  const found = new Map<string, unknown>([...rows].map(([stream, row]) => [`row ${stream}`, row]));
  for (const [stream, all] of states) found.set(`states ${stream}`, all);
  for (const { streamId, ...event } of parked) {
    const key = `parked ${streamId}`;
    found.set(key, [...((found.get(key) as unknown[] | undefined) ?? []), event]);
  }
  if (dropped.length > 0) found.set('dropped', dropped);
  return violationsOf({ calls: [], reads: [], stored, model: { rows: found, fold } })
    .filter(({ rule }) => rule === 'read model')
    .map(({ rule, what }) => ({ rule, what: `${reader}: ${what}` }));
}

/** What a reader makes of a log: a stream is folded up to the first event that fails for long, and parked from there on. */
function parkedModel(log: readonly SeenEvent[]): ReadonlyMap<string, unknown> {
  const result = new Map<string, unknown>();
  for (const event of log) {
    const { streamId, position, version } = event;
    const key = `parked ${streamId}`;
    const parked = result.get(key) as unknown[] | undefined;
    if (parked) parked.push({ position, version, why: 'behind' });
    else if (['always', 'until mended'].includes(failsOf(event)))
      result.set(key, [{ position, version, why: 'failed' }]);
    else applied(result, event);
  }
  return result;
}

/** What always fails is left out, and the rest is applied. */
function clearedModel(log: readonly SeenEvent[]): ReadonlyMap<string, unknown> {
  const result = new Map<string, unknown>();
  const dropped: number[] = [];
  for (const event of log) {
    if (failsOf(event) === 'always') dropped.push(event.position);
    else applied(result, event);
  }
  return dropped.length > 0 ? result.set('dropped', dropped) : result;
}

function applied(rows: Map<string, unknown>, { streamId, version, eventId, recordedAt }: SeenEvent): void {
  const before = (rows.get(`row ${streamId}`) as StreamRow | undefined) ?? { count: 0, chain: '' };
  const row = { count: before.count + 1, version, chain: link(before.chain, { version, eventId }) };
  rows.set(`row ${streamId}`, row satisfies StreamRow);
  const states = (rows.get(`states ${streamId}`) as StreamState[] | undefined) ?? [];
  const from = recordedAt ?? 0;
  const last = states.pop();
  // States of one instant are not told apart.
  if (last && last.from < from) states.push({ ...last, to: from });
  states.push({ ...row, from, to: Infinity });
  rows.set(`states ${streamId}`, states);
}

const failsOf = ({ content = '{}', version }: SeenEvent): Fails =>
  failsFor((JSON.parse(content) as { fails: Fails }).fails, version);

/** Which figure of the summary a broken rule counts for. */
export const figureOf: Readonly<
  Record<Finding['rule'], 'lost' | 'doubled' | 'out of order' | 'wrong rows' | 'too fresh' | 'other'>
> = {
  'acknowledged is stored': 'lost',
  'all or nothing': 'lost',
  'read and gone': 'lost',
  'every event once': 'doubled',
  'answered as appended once': 'doubled',
  'dense positions': 'out of order',
  'versions of a stream': 'out of order',
  'recorded in order': 'out of order',
  'real-time order': 'out of order',
  'reader complete': 'out of order',
  'read model': 'wrong rows',
  'refused is not stored': 'other',
  'nobody asked for it': 'other',
  fresh: 'too fresh',
  answers: 'other',
  'in time': 'other',
  survives: 'other',
  'can be judged': 'other',
};
