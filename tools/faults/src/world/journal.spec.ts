import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callsOf, type CallEntry, type Wish } from './calls.js';
import { Journal, readJournal } from './journal.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('gives back what was written, also after a line that was torn by a kill', () => {
  const path = join(folder, 'journal');
  new Journal(path).write({ n: 1 });
  appendFileSync(path, '{"n":');
  new Journal(path).write({ n: 2 });
  expect(readJournal(path)).toEqual([{ n: 1 }, { n: 2 }]);
});

it('is empty before it begins', () => expect(readJournal(join(folder, 'none'))).toEqual([]));

const wish = (...ids: string[]): Wish => ({
  streamId: 's',
  expected: 0,
  events: ids.map((eventId) => ({ eventId, data: '{}' })),
});

it('tells calls and what became of them, and what must be asked for again', () => {
  const entries: CallEntry[] = [
    { call: 1, at: 10, wish: wish('a', 'b') },
    { call: 2, at: 11, wish: wish('c') },
    { answer: 1, at: 12, status: 'unknown' },
    { call: 3, at: 13, wish: wish('a', 'b') },
    { answer: 3, at: 14, status: 'duplicate', version: 2, position: 7 },
    { call: 4, at: 15, wish: wish('d') },
    { answer: 4, at: 16, status: 'unknown', strange: 'what?' },
  ];
  const { calls, open, strange } = callsOf(entries);
  expect(calls.map(({ eventIds, outcome: { status } }) => [eventIds.join(''), status])).toEqual([
    ['ab', 'unknown'],
    ['c', 'unknown'],
    ['ab', 'duplicate'],
    ['d', 'unknown'],
  ]);
  expect(calls[2]).toMatchObject({ invoked: 13, completed: 14, outcome: { version: 2, position: 7 } });
  expect(open.map(({ events }) => events[0]!.eventId)).toEqual(['c', 'd']);
  expect(strange).toEqual(['what?']);
});
