import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { LocalKafka } from '@loa/kafka';
import { describeUnless } from '@loa/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clocksCanJump } from './run/member.js';
import { runSeed, type Outcome } from './run/run-seed.js';
import type { Sabotage, Servers } from './run/world.js';
import type { FaultKind } from './schedule/faults.js';
import { scheduleOf, type KafkaKind, type Schedule } from './schedule/schedule.js';
import { closeServers, startServers } from './servers/servers.js';

// A seed takes 6 to 15 s on two idle cores; the limit is for busy ones.
jest.setTimeout(240_000);

const NO_CLOCKS = "Debian's package faketime is missing: apt-get install faketime";

let folder: string;
let servers: Servers;

function world(kafka: KafkaKind): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-faults-'));
    servers = await startServers(kafka);
  });
  afterAll(async () => {
    await closeServers(servers);
    await rm(folder, { recursive: true, force: true });
  });
}

const run = (schedule: ReturnType<typeof scheduleOf>, sabotage: Sabotage = {}) =>
  runSeed(servers, schedule, join(folder, `${schedule.seed}-${Object.keys(sabotage).join()}`), sabotage);

/** What this machine cannot do, and why. */
const lacking = (): ReadonlyMap<FaultKind, string> =>
  new Map<FaultKind, string>([
    ...(servers.postgres.disk
      ? []
      : [['full disk', 'it takes root on a Linux that may mount file systems'] as const]),
    ...(clocksCanJump() ? [] : [['clock', NO_CLOCKS] as const]),
  ]);

/** Every fault that the schedule plans, but kills, which are counted with those at fail points. */
function planned({
  faults,
  seed,
}: Schedule): Record<'faults' | 'leftOut', Partial<Record<FaultKind, number>>> {
  const counts = { faults: {}, leftOut: {} } as ReturnType<typeof planned>;
  for (const { kind } of faults) {
    if (kind === 'kill') continue;
    const why = lacking().get(kind);
    if (why) console.warn(`seed ${seed} goes without "${kind}": ${why}`);
    const count = counts[why ? 'leftOut' : 'faults'];
    count[kind] = (count[kind] ?? 0) + 1;
  }
  return counts;
}

async function keepsEveryPromise(seed: number, kafka: KafkaKind): Promise<Outcome> {
  const schedule = scheduleOf(seed, kafka);
  const outcome = await run(schedule);
  const { findings, kills, events, acknowledged, faults, leftOut } = outcome;
  expect(findings).toEqual([]);
  // Or the promises would have been kept when nothing was the matter.
  expect({ faults, leftOut }).toEqual(planned(schedule));
  expect(kills).toBeGreaterThan(1);
  expect(acknowledged).toBeGreaterThan(10);
  expect(events).toBeGreaterThanOrEqual(acknowledged);
  return outcome;
}

describe('readers of the log', () => {
  world('none');

  // Among their faults: a crash of PostgreSQL, answers that get lost, a full disk, events that cannot be applied.
  it.each([4, 14, 16])('keep every promise with seed %d', async (seed) => {
    await keepsEveryPromise(seed, 'none');
  });

  describe('when something is broken on purpose', () => {
    const quiet = (seed: number) => {
      const schedule = scheduleOf(seed, 'none');
      const load = { ...schedule.load, poison: { always: 0, twice: 0, 'until mended': 0 } };
      return { ...schedule, load, loadMs: 1_000, faults: [], failures: {} };
    };
    const rulesOf = async (seed: number, sabotage: Sabotage) => {
      const { findings } = await run(quiet(seed), sabotage);
      return [...new Set(findings.map(({ rule }) => rule))];
    };

    it('find a reader that skips an event', async () =>
      expect(await rulesOf(21, { broken: 'skips an event' })).toEqual(['read model']));
    it('find a reader that applies an event twice', async () =>
      expect(await rulesOf(22, { broken: 'applies an event twice' })).toEqual(['read model']));
    it('find an appender that acknowledges what is not stored', async () =>
      expect(await rulesOf(23, { lies: true })).toContain('acknowledged is stored'));
  });
});

describeUnless(
  describe,
  clocksCanJump() ? undefined : NO_CLOCKS,
  'readers of the log by wrong clocks',
  () => {
    world('none');
    it.each([6])('keep every promise with seed %d', async (seed) => {
      await keepsEveryPromise(seed, 'none');
    });
  },
);

const state = await LocalKafka.available();
describeUnless(describe, state.available ? undefined : state.why, 'readers of Kafka', () => {
  world('one');

  // Among their faults: a relay that goes on when another one leads, events that are published again.
  it.each([1, 2])('keep every promise with seed %d', async (seed) => {
    await keepsEveryPromise(seed, 'one');
  });

  // Either relay: nobody can say which one leads first.
  it('keep every promise with seed 6, while a relay fails before it says that all is published', async () => {
    const { tripped } = await keepsEveryPromise(6, 'one');
    expect(tripped['relay.beforeHeartbeat']).toBeGreaterThan(0);
  });
});
