import type { Append } from '@loa/event-store';
import type { RecordedCall } from '@loa/testing';

/** An append that somebody wants, with everything that makes it the same wish when it is asked for again. */
export interface Wish {
  readonly streamId: string;
  readonly expected: Append['expected'];
  readonly events: readonly { readonly eventId: string; readonly data: string }[];
}

/** Lines of the journal of an appender. */
export type CallEntry =
  | { readonly call: number; readonly at: number; readonly wish: Wish }
  | {
      readonly answer: number;
      readonly at: number;
      readonly status: 'appended' | 'duplicate';
      readonly version: number;
      readonly position: number;
    }
  | { readonly answer: number; readonly at: number; readonly status: 'refused' }
  | {
      readonly answer: number;
      readonly at: number;
      readonly status: 'unknown';
      /** An error that says neither that the database is away nor that its disk is full. */
      readonly strange?: string;
    };

interface Known {
  /** Every call, whatever became of it. */
  readonly calls: readonly RecordedCall[];
  /** Asked for and not answered: the same ids must be asked for again. */
  readonly open: readonly Wish[];
  /** Errors that no fault explains. */
  readonly strange: readonly string[];
}

/** What the journal of an appender tells: a call without an answer is one whose outcome nobody knows. */
export function callsOf(entries: readonly CallEntry[]): Known {
  const answers = new Map(entries.flatMap((entry) => ('answer' in entry ? [[entry.answer, entry]] : [])));
  const open = new Map<string, Wish>();
  const calls = entries.flatMap((entry): RecordedCall[] => {
    if (!('call' in entry)) return [];
    const { streamId, events } = entry.wish;
    const answer = answers.get(entry.call);
    const first = events[0]!.eventId;
    if (answer === undefined || answer.status === 'unknown') open.set(first, entry.wish);
    else open.delete(first);
    const known = { streamId, eventIds: events.map(({ eventId }) => eventId), invoked: entry.at };
    if (!answer) return [{ ...known, completed: entry.at, outcome: { status: 'unknown' } }];
    const { at: completed } = answer;
    if (answer.status !== 'appended' && answer.status !== 'duplicate')
      return [{ ...known, completed, outcome: { status: answer.status } }];
    const { status, version, position } = answer;
    return [{ ...known, completed, outcome: { status, version, position } }];
  });
  const strange = entries.flatMap((entry) =>
    'status' in entry && entry.status === 'unknown' && entry.strange !== undefined ? [entry.strange] : [],
  );
  return { calls, open: [...open.values()], strange };
}
