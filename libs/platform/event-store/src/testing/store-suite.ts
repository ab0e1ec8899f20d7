import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { violationsOf } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import type { Append, NewEvent } from '../appender.js';
import { HistoryRecorder } from './history-recorder.js';
import type { Log } from './memory-store.js';
import { pageTests } from './page-suite.js';
import { event, wish } from './wishes.js';

/** A log that was empty, opened several times: at least three times, as by so many processes. */
export interface OpenLog {
  readonly logs: readonly Log[];
  close(): Promise<void>;
}

/** What every log must do, whatever keeps it. */
export function storeSuite(open: () => Promise<OpenLog>): void {
  let opened: OpenLog;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  const log = () => opened.logs[0]!;
  const append = (streamId: string, expected: Append['expected'], ...events: NewEvent[]) =>
    log().append(wish({ streamId, expected, ...(events.length > 0 && { events }) }));
  describe('versions', () => versionTests(append));
  describe('repeats', () => repeatTests(append, log));
  describe('claims', () => claimTests(log));
  describe('reading', () => readingTests(append, log));
  describe('a page', () => pageTests(log));
  describe('many at once', () => concurrencyTests(append, log));
  describe('bad payloads', () => badPayloadTests(append));
  describe('over all', () => historyTests(open));
}

type AppendTo = (
  streamId: string,
  expected: Append['expected'],
  ...events: NewEvent[]
) => ReturnType<Log['append']>;

function versionTests(append: AppendTo): void {
  it('exact: the first of two wins, the other learns the current version', async () => {
    const stream = randomUUID();
    expect(await append(stream, 0)).toMatchObject({ status: 'appended', version: 1 });
    expect(await append(stream, 0)).toEqual({ status: 'conflict', current: 1 });
    expect(await append(stream, 1, event(), event())).toMatchObject({ status: 'appended', version: 3 });
    expect(await append(stream, 9)).toEqual({ status: 'conflict', current: 3 });
  });

  it('any, and must exist', async () => {
    const stream = randomUUID();
    expect(await append(stream, 'exists')).toEqual({ status: 'conflict', current: 0 });
    expect(await append(stream, 'any')).toMatchObject({ version: 1 });
    expect(await append(stream, 'exists')).toMatchObject({ version: 2 });
  });

  it.each([-1, -2, 1.5, Number.NaN, 2 ** 31])('%d is no version', (expected) =>
    expect(append(randomUUID(), expected)).rejects.toThrow(RangeError),
  );
}

function repeatTests(append: AppendTo, log: () => Log): void {
  it.each([0, 'any'] as const)(
    'the same ids are a duplicate, with the first position: %s',
    async (expected) => {
      const stream = randomUUID();
      const events = [event({ n: 1 }), event({ n: 2 })];
      const first = await append(stream, expected, ...events);
      await append(stream, 2);
      expect(await append(stream, expected, ...events)).toEqual({ ...first, status: 'duplicate' });
      expect((await log().load(stream)).version).toBe(3);
    },
  );

  it('is one also when both are under way at once', async () => {
    const one = wish();
    const [first, second] = await Promise.all([log().append(one), log().append(one)]);
    expect([first.status, second.status]).toEqual(['appended', 'duplicate']);
    expect(second).toEqual({ ...first, status: 'duplicate' });
  });

  it('is none when only some of the ids are the same, or they are in another order', async () => {
    const [stream, one, two] = [randomUUID(), event(), event()];
    await append(stream, 0, one, two);
    expect(await append(stream, 0, one, event())).toEqual({ status: 'conflict', current: 2 });
    expect(await append(stream, 0, two, one)).toEqual({ status: 'conflict', current: 2 });
    expect(await append(stream, 0, one, two, event())).toEqual({ status: 'conflict', current: 2 });
  });

  it('an id is in the log once, in whatever stream', async () => {
    const used = event();
    await append(randomUUID(), 0, used);
    for (const expected of [0, 'any'] as const)
      await expect(append(randomUUID(), expected, event(), used)).rejects.toMatchObject({
        constraint: 'event_once',
      });
    await expect(append(randomUUID(), 'any', used)).rejects.toMatchObject({ constraint: 'event_once' });
  });
}

function claimTests(log: () => Log): void {
  const claim = (streamId: string, expected: number, ...claims: string[]) =>
    log().append(wish({ streamId, expected, claims }));

  it('one stream holds a name, also when two want it at the same instant', async () => {
    const key = `number:${randomUUID()}`;
    const [one, two] = await Promise.all([claim(randomUUID(), 0, key), claim(randomUUID(), 0, key)]);
    expect([one.status, two.status].sort()).toEqual(['appended', 'claimed']);
  });

  it('its holder may name it again', async () => {
    const [key, stream] = [`number:${randomUUID()}`, randomUUID()];
    await claim(stream, 0, key);
    expect(await claim(stream, 1, key)).toMatchObject({ status: 'appended' });
  });

  it('names the first of several that is held, and takes none', async () => {
    const [free, held, other] = [randomUUID(), randomUUID(), randomUUID()];
    await claim(randomUUID(), 0, other, held);
    expect(await claim(randomUUID(), 0, free, held, other)).toEqual({ status: 'claimed', key: held });
    expect(await claim(randomUUID(), 0, free)).toMatchObject({ status: 'appended' });
  });
}

function readingTests(append: AppendTo, log: () => Log): void {
  it('as of an instant gives what was recorded by then', async () => {
    const stream = randomUUID();
    await append(stream, 0);
    const [first] = (await log().load(stream)).events;
    // Instants are milliseconds: the next one begins when the clock says so.
    while (Date.now() <= Date.parse(first!.recordedAt) + 1);
    await append(stream, 1);
    expect((await log().load(stream, { until: first!.recordedAt })).version).toBe(1);
    expect((await log().load(stream)).version).toBe(2);
  });

  it('gives all of an event, by its stream and by its position', async () => {
    const [streamId, kept] = [randomUUID(), { ...event(), type: 'a b,c "d" Ủy ban', schemaVersion: 12 }];
    await append(streamId, 0);
    const result = await append(streamId, 1, kept);
    if (result.status !== 'appended') throw new Error(`it came out as ${result.status}`);
    const { position, recordedAt } = result;
    const stored = { ...kept, streamId, version: 2, position, recordedAt: recordedAt.toISOString() };
    expect((await log().load(streamId)).events[1]).toEqual(stored);
    expect([...(await log().read(position - 1, 1))]).toEqual([stored]);
  });

  it('keeps the bytes of a payload', async () => {
    const stream = randomUUID();
    await append(stream, 0, event('{"b" : 1,  "a":"Ủy ban"}'));
    expect((await log().load(stream)).events[0]!.data).toBe('{"b" : 1,  "a":"Ủy ban"}');
  });

  it('after a position gives what follows, densely, and nothing at the head', async () => {
    const before = await log().head();
    await append(randomUUID(), 0, event(), event(), event());
    const positions = async (after: number, limit: number) =>
      (await log().read(after, limit)).map(({ position }) => position - before);
    expect(await positions(before, 2)).toEqual([1, 2]);
    expect(await positions(before + 2, 2)).toEqual([3]);
    expect(await positions(before + 3, 2)).toEqual([]);
  });

  it('a stream that is not there is empty', async () =>
    expect(await log().load(randomUUID())).toEqual({ version: 0, events: [] }));
}

function concurrencyTests(append: AppendTo, log: () => Log): void {
  it('one version after the other, in the order of the calls', async () => {
    const streams = Array.from({ length: 20 }, () => randomUUID());
    const results = await Promise.all(
      streams.flatMap((stream) => [0, 1, 2].map((expected) => append(stream, expected, event({ expected })))),
    );
    expect(results.every(({ status }) => status === 'appended')).toBe(true);
    for (const stream of streams)
      expect((await log().load(stream)).events.map(({ data }) => data)).toEqual(
        [0, 1, 2].map((expected) => JSON.stringify({ expected })),
      );
  });

  it('keeps the rest of a batch when one loses, and when one is a repeat', async () => {
    const [known, raced, repeat, late] = [randomUUID(), randomUUID(), event(), event()];
    await append(known, 0, repeat);
    await append(raced, 0, late);
    const warm = append(randomUUID(), 0);
    const batch = await Promise.all([
      append(known, 0, repeat),
      append(randomUUID(), 0),
      append(raced, 0),
      append(raced, 'any', late),
      append(known, 'exists'),
      warm,
    ]);
    expect(batch.map(({ status }) => status)).toEqual([
      'duplicate',
      'appended',
      'conflict',
      'duplicate',
      'appended',
      'appended',
    ]);
  });
}

function badPayloadTests(append: AppendTo): void {
  it('fails only the bad payload of a batch', async () => {
    const warm = append(randomUUID(), 0);
    const results = await Promise.allSettled([
      append(randomUUID(), 0),
      append(randomUUID(), 0),
      append(randomUUID(), 0, event('{ not json')),
      append(randomUUID(), 0),
      warm,
    ]);
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
  });
}

function historyTests(open: () => Promise<OpenLog>): void {
  it('from several openings, with conflicts, repeats and claims: the history keeps every promise', async () => {
    const { logs, close } = await open();
    const recorder = new HistoryRecorder();
    await recorder.exercise(logs, { callers: 24, appends: 25, streams: 6 });
    const history = await recorder.history(logs[0]!);
    await close();
    expect(violationsOf(history)).toEqual([]);
    const statuses = history.calls.map(({ outcome }) => outcome.status);
    expect(new Set(statuses)).toEqual(new Set(['appended', 'duplicate', 'refused']));
  });
}
