import { EVENT_PARTITIONS, IN_THE_LOG, kafkaOffset, partitionOf, type Checkpoint } from '@loa/transport';
import { checkDrift } from './drift-check.js';
import { refusing, Shop } from './generation.fixtures.js';
import type { Onlooker, ReadSide, Step } from './generation.js';
import { Added, tabId } from './projector.fixtures.js';
import { Projector } from './projector.js';
import { rollBack } from './rebuild-rollback.js';
import { Rebuild } from './rebuild.js';

let shop: Shop;
const all = Array.from({ length: EVENT_PARTITIONS }, (_, partition) => partition);
const side = () => shop.side({ partitions: EVENT_PARTITIONS });
const checkpoints = async (): Promise<Checkpoint[]> =>
  [...(await shop.projector.checkpoints())].sort((a, b) => a.partition - b.partition);

beforeEach(async () => {
  shop = await Shop.open();
  // Few streams, so that some partitions hold nothing.
  await shop.fill(1, 9);
});
afterEach(() => shop.close());

/** By partition. */
async function lastEvents() {
  const log = await shop.store.read(0, 1_000);
  return new Map(log.map((event) => [partitionOf(event.streamId, EVENT_PARTITIONS), event]));
}

/** Offsets that the carrier has given out, by partition. */
async function offsets(): Promise<Map<number, number>> {
  const last = new Map<number, number>();
  for (const { streamId } of await shop.store.read(0, 1_000)) {
    const partition = partitionOf(streamId, EVENT_PARTITIONS);
    last.set(partition, (last.get(partition) ?? -1) + 1);
  }
  return last;
}

it('gives every partition a checkpoint at its last event, and the offset where the live reader stood', async () => {
  await shop.carry(all);
  const before = await offsets();
  expect(before.size).toBeLessThan(EVENT_PARTITIONS);
  const last = await lastEvents();
  const { comparison } = await new Rebuild(side()).run();
  expect(comparison).toMatchObject({ differences: 0 });
  expect(await checkpoints()).toEqual(
    all.map((partition) => ({
      source: 'shop',
      partition,
      position: last.get(partition)?.position ?? 0,
      offset: before.get(partition) ?? -1,
      recordedAt: last.get(partition)?.recordedAt,
    })),
  );
});

it('lets a reader that has read the log itself go on over Kafka, each event once', async () => {
  await shop.follow();
  await shop.followed();
  await shop.stop();
  expect(await checkpoints()).toMatchObject([{ partition: 0, position: 27, offset: IN_THE_LOG }]);
  await shop.fill(10, 6);
  await new Rebuild(side()).run({ patienceMs: 0 });
  // Every partition is entered at its beginning, also those that have no checkpoint because they hold nothing.
  expect(new Set((await checkpoints()).map(({ offset }) => offset))).toEqual(new Set([-1]));
  await shop.fill(16, 5);
  await shop.carry(all);
  await shop.expectFoldOfLog();
  // The rows of before have one place; back among the live ones each partition has its own.
  // Whoever applies the fifth tab again cannot.
  await rollBack(shop.side({ partitions: EVENT_PARTITIONS, projections: [refusing(5)] }));
  await shop.expectFoldOfLog();
  expect((await shop.pool.query('SELECT position FROM shop.parked')).rows).toEqual([]);
  await shop.fill(21, 5);
  await shop.carry(all);
  await shop.expectFoldOfLog();
});

it('knows rows of a reader of the log also when they were brought up to date in vain', async () => {
  await shop.follow();
  await shop.followed();
  await new Rebuild(shop.side()).run();
  await shop.fill(10, 6);
  await shop.followed();
  await shop.stop();
  await expect(rollBack(...awayAt('swap', 1))).rejects.toThrow('away');
  await new Rebuild(side()).run({ patienceMs: 0 });
  await rollBack(side(), { number: 1 });
  await shop.expectFoldOfLog();
});

it('lets no rows be live again that were read in more partitions', async () => {
  await shop.carry(all);
  await new Rebuild(side()).run();
  await expect(rollBack(shop.side())).rejects.toThrow(
    'the rows of shop_g1 were read in more than 1 partition: run a rebuild instead',
  );
});

it('reads no log while the reader halts, also when some partitions hold nothing', async () => {
  await shop.carry(all);
  await new Rebuild(side()).run();
  const held: number[] = [];
  const read = async (after: number, limit: number) => {
    const { rows } = await shop.owner.query(
      `SELECT FROM pg_locks WHERE relation = 'shop.checkpoint'::regclass AND mode = 'ExclusiveLock'`,
    );
    if (rows.length > 0) held.push(after);
    return shop.store.read(after, limit);
  };
  const logs = { shop: { head: () => shop.store.head(), read } };
  await rollBack(shop.side({ partitions: EVENT_PARTITIONS, logs }));
  expect(held).toEqual([]);
});

it('keeps the places of what is taken in while the last events are looked for', async () => {
  await shop.carry(all);
  let swapping = false;
  const read = async (after: number, limit: number) => {
    if (swapping) {
      swapping = false;
      await shop.fill(10, 6);
      await shop.carry(all);
    }
    return shop.store.read(after, limit);
  };
  const logs = { shop: { head: () => shop.store.head(), read } };
  await new Rebuild(shop.side({ partitions: EVENT_PARTITIONS, logs }), {
    onStep: (step) => (swapping ||= step === 'swap'),
  }).run();
  const last = await lastEvents();
  expect((await checkpoints()).map(({ position }) => position)).toEqual(
    all.map((partition) => last.get(partition)?.position ?? 0),
  );
  await shop.carry(all);
  await shop.expectFoldOfLog();
});

it('what is parked while everything is one partition belongs to that of its stream when there are several', async () => {
  const tab = tabId(2);
  const projections = [refusing(13)];
  const reader = new Projector(shop.pool, { name: 'tabs', sources: ['shop'], projections, schema: 'shop' });
  await shop.append(Added({ tab, amount: 13 }), Added({ tab, amount: 1 }));
  await shop.carry(all, () => 0, reader);
  const parked = async () =>
    (await shop.pool.query('SELECT partition, position::int, why FROM shop.parked ORDER BY position')).rows;
  const live = await parked();
  const partition = partitionOf(tab, EVENT_PARTITIONS);
  expect(partition).toBeGreaterThan(0);
  expect(live).toMatchObject([
    { partition, why: 'failed' },
    { partition, why: 'behind' },
  ]);
  await new Rebuild(shop.side({ partitions: EVENT_PARTITIONS, projections })).run();
  expect(await parked()).toEqual(live);
});

it('the reader goes on without a gap, and what is handed over again counts once', async () => {
  await shop.carry(all);
  await new Rebuild(side()).run();
  await shop.fill(100, 30);
  const standing = await checkpoints();
  await shop.carry(all, (partition) => standing[partition]!.offset + 1);
  expect(await checkDrift(side())).toMatchObject({
    differences: 0,
    positions: { shop: await shop.store.head() },
  });
  const rows = await shop.rows('shop');
  await shop.carry(all);
  expect(await shop.rows('shop')).toEqual(rows);
});

it('a live reader that lags in some partitions, and has not begun others, is compared with exactly what it has', async () => {
  const some = [0, 3, 4, 7, 10];
  await shop.carry(some);
  await shop.fill(100, 30);
  expect(await checkDrift(side())).toMatchObject({ differences: 0 });
  const { comparison } = await new Rebuild(side()).run();
  expect(comparison).toMatchObject({ differences: 0 });
  const head = await shop.store.head();
  expect(Math.max(...(await checkpoints()).map(({ position }) => position))).toBe(head);
  expect(await checkpoints()).toHaveLength(EVENT_PARTITIONS);
  // The offsets are still those of the old reader: it is handed nearly everything again, and nothing counts twice.
  const rebuilt = await shop.rows('shop');
  const standing = await checkpoints();
  await shop.carry(all, (partition) => standing[partition]!.offset + 1);
  expect(await shop.rows('shop')).toEqual(rebuilt);
});

it('an earlier generation is caught up partition by partition when it is live again', async () => {
  await shop.carry([1, 2, 3]);
  await new Rebuild(side()).run();
  await shop.fill(100, 30);
  await shop.carry(all);
  const rows = await shop.rows('shop');
  await rollBack(side());
  expect(await shop.rows('shop')).toEqual(rows);
  await shop.fill(200, 10);
  const standing = await checkpoints();
  await shop.carry(all, (partition) => (standing[partition]?.offset ?? -1) + 1);
  expect(await checkDrift(side())).toMatchObject({
    differences: 0,
    positions: { shop: await shop.store.head() },
  });
});

/** A side whose log goes away at a step, and who tells it to. */
function awayAt(step: Step, partitions: number): [ReadSide, object, Onlooker] {
  let away = false;
  const { store } = shop;
  const head = () => (away ? Promise.reject(new Error('away')) : store.head());
  const logs = { shop: { head, read: (after: number, limit: number) => store.read(after, limit) } };
  return [shop.side({ partitions, logs }), {}, { onStep: (at) => void (away ||= at === step) }];
}

/** Fails when it has been compared with the live rows. */
function rebuildUntilCatchUp(): Promise<unknown> {
  const [interrupted, options, onlooker] = awayAt('catch-up', EVENT_PARTITIONS);
  return new Rebuild(interrupted, onlooker).run(options);
}

const loseAfter = (position: number) =>
  shop.owner.query(`ALTER TABLE es.event DISABLE TRIGGER append_only;
      DELETE FROM es.event WHERE position > ${position}; UPDATE es.lane SET head = ${position};
      ALTER TABLE es.event ENABLE TRIGGER append_only`);

it('a rebuild that was interrupted goes on in each partition where that one stood', async () => {
  await shop.carry(all);
  // The live reader, and what is compared with it, come further in one partition.
  await shop.fill(20, 40);
  await shop.carry([0]);
  const interrupted = rebuildUntilCatchUp();
  await expect(interrupted).rejects.toThrow('away');
  const { rows } = await shop.owner.query('SELECT position FROM shop_next.checkpoint');
  expect(new Set(rows.map(({ position }) => position)).size).toBeGreaterThan(1);
  expect(await new Rebuild(side()).run({ patienceMs: 0 })).toMatchObject({ continued: true });
  await shop.carry(all);
  await shop.expectFoldOfLog();
});

it('a rebuild that was interrupted does not go on when the log has lost what it took in', async () => {
  await shop.carry(all);
  await expect(rebuildUntilCatchUp()).rejects.toThrow('away');
  await loseAfter(20);
  await shop.fill(200, 10);
  expect(await new Rebuild(side()).run({ patienceMs: 0 })).toMatchObject({ continued: false });
  await shop.expectFoldOfLog();
});

describe('a log that was restored without events that the rows were made of', () => {
  const restoredAt = { shop: kafkaOffset(1, -1) };
  const restored = () => shop.side({ partitions: EVENT_PARTITIONS, restoredAt });

  beforeEach(async () => {
    await shop.carry(all);
    await loseAfter(20);
  });

  it.each([
    ['is still shorter than what was read', 0],
    ['has grown beyond it, with other events at the same positions', 10],
  ])('gives rows as it has them when it %s; its topic is entered anew', async (_, count) => {
    await shop.fill(100, count);
    const head = await shop.store.head();
    expect((await checkDrift(restored())).differences).toBeGreaterThan(0);
    await new Rebuild(restored()).run();
    await shop.expectFoldOfLog();
    const places = await checkpoints();
    expect(Math.max(...places.map(({ position }) => position))).toBe(head);
    expect(places.map(({ offset }) => offset)).toEqual(all.map(() => restoredAt.shop));
    await shop.fill(200, count);
    await shop.carry(all);
    await shop.expectFoldOfLog();
    expect(await checkDrift(restored())).toMatchObject({ differences: 0 });
    // What was live before has what the log lacks.
    await expect(rollBack(restored())).rejects.toThrow(
      'Run a rebuild instead: it makes rows of what the log has',
    );
    await shop.expectFoldOfLog();
  });

  it('keeps the place of a reader that has begun to read the topic made anew', async () => {
    await shop.owner.query(`UPDATE shop.checkpoint SET "offset" = ${kafkaOffset(1, 7)} WHERE partition = 3`);
    await new Rebuild(restored()).run();
    expect((await checkpoints()).map(({ offset }) => offset)).toEqual(
      all.map((partition) => (partition === 3 ? kafkaOffset(1, 7) : restoredAt.shop)),
    );
  });
});
