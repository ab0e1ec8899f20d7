import { ParkedEvents, Projector, runProjector, type ProjectorNotice } from '@loa/projections';
import { eventually, freshDatabase } from '@loa/testing';
import { partitionOf, type CaughtUp, type DeliveredBatch } from '@loa/transport';
import {
  describeWithKafka,
  kafkaCarrier,
  logCarrier,
  TestSource,
  type Carrier,
} from '@loa/transport/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { evolutionSchema, readAt, releases, unheardOf, type Release } from './event-evolution.fixtures.js';

// Seconds on two idle cores; the limits are for busy ones.
const within = 60_000;
const LIMIT_MS = 150_000;

const AT_ONCE = 12;
const METER_READ = 'metering.MeterRead';
const METER_SEALED = 'metering.MeterSealed';

/** As many things as are worked on at once, the same in every run: there are some in every partition. */
const things = (round: number, kind: 'meter' | 'sealed' = 'meter'): string[] =>
  Array.from(
    { length: AT_ONCE },
    (_, n) =>
      `00000000-0000-4000-${kind === 'meter' ? '8000' : '9000'}-${String(round * AT_ONCE + n).padStart(12, '0')}`,
  );

/** The projector of a process. */
class Reader extends Projector {
  /** The partitions that this process was told to have caught up with: they were its own then. */
  readonly had = new Set<number>();
  readonly told: ProjectorNotice[] = [];
  /** Asked before each batch. Two processes tail the whole of a log, and which is the quicker is chance. */
  givesWay = () => false;

  constructor({ projection }: Release, { store, topic, name }: TestSource, types: readonly string[]) {
    super(store.pool, {
      name: `meters-${topic}`,
      sources: [name],
      projections: [projection],
      schema: 'shown',
      knownTypes: new Set(types),
      onNotice: (notice) => this.told.push(notice),
    });
  }

  override caughtUp(at: CaughtUp): void {
    this.had.add(at.partition);
    super.caughtUp(at);
  }

  override async handle(batch: DeliveredBatch): Promise<void> {
    if (this.givesWay()) await pause(50);
    await super.handle(batch);
  }
}

describe('two releases side by side over the log', () => sideBySide(logCarrier));
describeWithKafka('two releases side by side over Kafka', (brokers) => sideBySide(kafkaCarrier(brokers)));

function sideBySide(carrier: Carrier): void {
  let source: TestSource;
  let running: Map<Reader, () => Promise<void>>;

  beforeEach(async () => {
    source = TestSource.in('metering', await freshDatabase('releases', evolutionSchema));
    running = new Map();
  });
  afterEach(async () => {
    await Promise.all([...running.values()].map((stop) => stop()));
    await source.close();
  });

  /** Relay and projector, as a process of that release has them. */
  async function start(release: Release, ...types: string[]): Promise<Reader> {
    const carriage = await carrier.open([source]);
    const reader = new Reader(release, source, types);
    const subscription = await runProjector(carriage.transport, reader, () => undefined);
    running.set(reader, async () => {
      running.delete(reader);
      await subscription.close();
      await carriage.close();
    });
    return reader;
  }
  /** Until both have a share: of a log all of it, of a topic partitions that the other does not have. */
  const shared = ({ had: one }: Reader, { had: other }: Reader) =>
    eventually(
      () => {
        if (carrier.partitions > 1 && [...one].some((partition) => other.has(partition))) {
          // What the first to come had alone.
          one.clear();
          other.clear();
        }
        expect([one.size > 0, other.size > 0]).toEqual([true, true]);
      },
      { within },
    );
  const read = (by: Release, meters: readonly string[]) =>
    Promise.all(meters.map((meter) => readAt(by, source.store, meter, 1)));
  const shown = async () =>
    (await source.store.pool.query('SELECT * FROM shown.meter ORDER BY meter')).rows as unknown[];
  const parkedOf = (reader: Reader) =>
    new ParkedEvents(source.store.pool, { name: reader.name, schema: 'shown' }, within);
  const applied = (...readers: Reader[]) => readers.reduce((sum, { counters }) => sum + counters.applied, 0);
  const setAside = (...readers: Reader[]) => readers.reduce((sum, { counters }) => sum + counters.parked, 0);

  it('has things in every partition', () => {
    for (const kind of ['meter', 'sealed'] as const) {
      const partitions = things(0, kind).map((id) => partitionOf(id, carrier.partitions));
      expect(new Set(partitions).size).toBe(carrier.partitions);
    }
  });

  it(
    'share the work under one name while forms of both are written: every event is in the rows, and once',
    async () => {
      const { second, third, fourth } = releases;
      const older = await start(third, METER_READ);
      const newer = await start(fourth, METER_READ);
      older.givesWay = () => applied(older) > 0 && applied(newer) === 0;
      newer.givesWay = () => applied(newer) > 0 && applied(older) === 0;
      await shared(older, newer);
      // Nobody who writes the older version can read what the newer two have written: a meter has one or the other.
      const all = things(0);
      const [people, machines] = [all.slice(0, 4), all.slice(4)];
      let rounds = 0;
      const round = async () => {
        await Promise.all([read(second, people), read(rounds % 2 === 0 ? fourth : third, machines)]);
        rounds += 1;
      };
      await eventually(
        async () => {
          await round();
          expect(rounds).toBeGreaterThanOrEqual(10);
          expect([applied(older) > 0, applied(newer) > 0]).toEqual([true, true]);
        },
        { within },
      );
      await eventually(
        async () => {
          expect(await shown()).toEqual(
            all.map((meter) => ({
              meter,
              kilowatt_hours: rounds,
              read_by: people.includes(meter) ? 'person' : 'meter',
            })),
          );
          expect(applied(older, newer)).toBe(await source.store.head());
        },
        { within },
      );
      expect(await parkedOf(older).count()).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'the older sets aside what it has no words for, and the newer has all of it when the older has left',
    async () => {
      const { second, third } = releases;
      const older = await start(second, METER_READ);
      const newer = await start(third, METER_READ, METER_SEALED);
      const olderHasMet = () => older.counters.parked > 0 && older.counters.unknown > 0;
      older.givesWay = () => olderHasMet() && applied(newer) === 0;
      newer.givesWay = () => applied(newer) > 0 && !olderHasMet();
      await shared(older, newer);
      const all: string[] = [];
      await eventually(
        async () => {
          const round = all.length / AT_ONCE;
          const meters = things(round);
          all.push(...meters);
          for (const by of [second, third, third]) await read(by, meters);
          for (const id of things(round, 'sealed'))
            await source.store.append({ streamId: id, expected: 0, events: [unheardOf(id)] });
          expect([olderHasMet(), applied(newer) > 0]).toEqual([true, true]);
        },
        { within },
      );
      const everyReading = () => applied(older, newer) + setAside(older, newer);
      await eventually(() => expect(everyReading()).toBe(3 * all.length), { within });

      const parked = await parkedOf(older).list(10_000);
      // In the order of the stream: the first of each is the one that the older came to.
      const waitingFrom = new Map(parked.toReversed().map(({ streamId, version }) => [streamId, version]));
      const words = 'stored in version 3, and this release reads versions 1 to 2';
      expect(
        parked.map(({ streamId, version, why, error }) => [streamId, version, why, error?.includes(words)]),
      ).toEqual(
        parked.map(({ streamId, version }) =>
          version === waitingFrom.get(streamId)
            ? [streamId, version, 'failed', true]
            : [streamId, version, 'behind', undefined],
        ),
      );
      /** Everything of a stream up to what is parked; the first reading was stated in the older form. */
      const rows = (readings: number, from: ReadonlyMap<string, number> = waitingFrom) =>
        all.map((meter) => {
          const count = (from.get(meter) ?? readings + 1) - 1;
          return { meter, kilowatt_hours: count, read_by: count === 1 ? 'person' : 'meter' };
        });
      expect(await shown()).toEqual(rows(3));
      // Of a kind of fact that it has no word for, it tells once.
      expect(older.told.filter(({ kind }) => kind === 'unknown-type')).toMatchObject([
        { type: METER_SEALED },
      ]);

      await running.get(older)!();
      await read(third, all);
      await eventually(() => expect(everyReading()).toBe(4 * all.length), { within });
      expect(await shown()).toEqual(rows(4));
      const retried = await Promise.all(
        [...waitingFrom].map(async ([meter, from]) => [from, await parkedOf(newer).retry(meter, 'An')]),
      );
      expect(retried).toEqual(
        [...waitingFrom.values()].map((from) => [
          from,
          { state: 'done', applied: 5 - from, remaining: 0, next: undefined },
        ]),
      );
      expect(await shown()).toEqual(rows(4, new Map()));
      expect(newer.counters.unknown).toBe(0);
    },
    LIMIT_MS,
  );
}
