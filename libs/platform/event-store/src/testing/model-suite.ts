import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { Append, AppendResult } from '../appender.js';
import type { StoredEvent } from '../stored-event.js';
import { MemoryStore, type Log } from './memory-store.js';
import type { OpenLog } from './store-suite.js';
import { event } from './wishes.js';

const STREAMS = 4;

/** The real log, from where a run begins. */
interface Real {
  readonly log: Log;
  readonly start: number;
}

interface Model {
  readonly memory: MemoryStore;
  readonly streams: readonly string[];
  /** So that names of one run are not taken in the next. */
  readonly run: string;
  /** What was wished so far, so that it can be wished again. */
  readonly wishes: Append[];
}

interface Shape {
  readonly kind: 'new' | 'again' | 'again, other ids' | 'not JSON';
  /** Which of the earlier wishes is meant by `again`. */
  readonly earlier: number;
  readonly stream: number;
  readonly expected: 'none' | 'current' | 'behind' | 'ahead' | 'any' | 'exists';
  readonly events: number;
  readonly claims: readonly string[];
}

const shape = fc.record<Shape>({
  kind: fc.constantFrom('new', 'new', 'new', 'again', 'again, other ids', 'not JSON'),
  earlier: fc.nat(20),
  stream: fc.nat(STREAMS - 1),
  expected: fc.constantFrom('none', 'current', 'current', 'behind', 'ahead', 'any', 'exists'),
  events: fc.integer({ min: 1, max: 3 }),
  claims: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }) },
  ),
});

type Command = fc.AsyncCommand<Model, Real>;

/** Some appends at once: they may take any order in the log, but those of one stream, and those with claims, keep theirs. */
class AppendAtOnce implements Command {
  constructor(readonly shapes: readonly Shape[]) {}

  check = () => true;

  async run(model: Model, { log, start }: Real): Promise<void> {
    const { memory } = model;
    const wishes: Append[] = [];
    for (const one of this.shapes) wishes.push(await wishOf(one, model));
    const before = await memory.head();
    const got = await Promise.all(wishes.map((wish) => log.append(wish).catch(failure)));
    const expected: (AppendResult | string)[] = [];
    for (const wish of wishes) expected.push(await memory.append(wish).catch(failure));
    const tail = await log.read(start + before, 1_000);
    memory.takeOrder(
      before,
      tail.map(({ eventId }) => eventId),
    );
    const placed = await memory.read(before, 1_000);
    expect(tail.map((stored) => told(stored, start))).toEqual(placed.map((stored) => told(stored)));
    const all = await memory.read(0, 10_000);
    const position = (wish: Append) =>
      all.find(({ eventId }) => eventId === wish.events.at(-1)!.eventId)?.position;
    expect(got.map((result) => answer(result, start))).toEqual(
      expected.map((result, index) => ({
        ...answer(result),
        ...(position(wishes[index]!) &&
          'position' in answer(result) && { position: position(wishes[index]!) }),
      })),
    );
    model.wishes.push(...wishes);
  }

  toString = () => `append(${JSON.stringify(this.shapes)})`;
}

/** An id that the log has already, in another stream. */
class AppendUsedId implements Command {
  constructor(readonly shape: Shape) {}

  check = (model: Readonly<Model>) => model.wishes.length > 0;

  async run(model: Model, { log, start }: Real): Promise<void> {
    const used = model.wishes[this.shape.earlier % model.wishes.length]!;
    const wish: Append = { streamId: randomUUID(), expected: 0, events: [event(), used.events[0]!] };
    const got = await log.append(wish).catch(failure);
    expect(answer(got, start)).toEqual(answer(await model.memory.append(wish).catch(failure)));
  }

  toString = () => `append an event of ${this.shape.earlier}`;
}

class Load implements Command {
  constructor(readonly stream: number) {}

  check = () => true;

  async run({ memory, streams }: Model, { log, start }: Real): Promise<void> {
    const [got, expected] = await Promise.all([log, memory].map((one) => one.load(streams[this.stream]!)));
    expect(got!.version).toBe(expected!.version);
    expect(got!.events.map((stored) => told(stored, start))).toEqual(
      expected!.events.map((stored) => told(stored)),
    );
  }

  toString = () => `load(${this.stream})`;
}

class Read implements Command {
  constructor(
    readonly after: number,
    readonly limit: number,
  ) {}

  check = () => true;

  async run({ memory }: Model, { log, start }: Real): Promise<void> {
    const got = await log.read(start + this.after, this.limit);
    const expected = await memory.read(this.after, this.limit);
    expect(got.map((stored) => told(stored, start))).toEqual(expected.map((stored) => told(stored)));
    expect((await log.head()) - start).toBe(await memory.head());
  }

  toString = () => `read(${this.after}, ${this.limit})`;
}

async function wishOf(of: Shape, { memory, streams, run, wishes }: Model): Promise<Append> {
  const events = Array.from({ length: of.events }, (_, n) => event(of.kind === 'not JSON' ? '{ not' : { n }));
  const earlier = of.kind.startsWith('again') ? wishes[of.earlier % wishes.length] : undefined;
  if (earlier) return of.kind === 'again' ? earlier : { ...earlier, events };
  const streamId = streams[of.stream]!;
  const { version } = await memory.load(streamId);
  const expected = {
    none: 0,
    current: version,
    behind: Math.max(0, version - 1),
    ahead: version + 1,
    any: 'any',
    exists: 'exists',
  } as const;
  const claims = of.claims.map((name) => `${run} ${name}`);
  return { streamId, expected: expected[of.expected], events, claims };
}

/** An event as both must have it; the instant is each one's own. */
const told = ({ recordedAt, position, ...rest }: StoredEvent, start = 0) => ({
  ...rest,
  position: position - start,
  recorded: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(recordedAt),
});

function answer(result: AppendResult | string, start = 0) {
  if (typeof result === 'string') return { failed: result };
  if (result.status === 'conflict' || result.status === 'claimed') return result;
  return { status: result.status, version: result.version, position: result.position - start };
}

const failure = (error: unknown): string =>
  (error as { constraint?: string } | null)?.constraint ?? 'refused by what keeps it';

/** Any sequence of calls comes out of the log as it comes out of {@link MemoryStore}. */
export function modelSuite(open: () => Promise<OpenLog>): void {
  let opened: OpenLog;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('does what the model in memory does, whatever is asked', async () => {
    const commands = fc.commands(
      [
        fc.array(shape, { minLength: 1, maxLength: 1 }).map((shapes) => new AppendAtOnce(shapes)),
        fc.array(shape, { minLength: 2, maxLength: 8 }).map((shapes) => new AppendAtOnce(shapes)),
        shape.map((of) => new AppendUsedId(of)),
        fc.nat(STREAMS - 1).map((stream) => new Load(stream)),
        fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 20 })).map((of) => new Read(...of)),
      ],
      { maxCommands: 20 },
    );
    const property = fc.asyncProperty(commands, async (asked) => {
      const log = opened.logs[0]!;
      const start = await log.head();
      const model: Model = {
        memory: new MemoryStore(),
        streams: Array.from({ length: STREAMS }, () => randomUUID()),
        run: randomUUID(),
        wishes: [],
      };
      await fc.asyncModelRun(() => ({ model, real: { log, start } }), asked);
    });
    await fc.assert(property, { numRuns: 60 });
  });
}
