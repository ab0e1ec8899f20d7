import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@loa/testing';
import { Kafka, logLevel } from 'kafkajs';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTestTopics, startRelay } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import type { SlowReaderPlan, SlowReaderWord } from './testing/slow-reader-process.js';
import { TestSource } from './testing/test-source.js';

jest.setTimeout(240_000);
const within = 100_000;
const script = fileURLToPath(new URL('./testing/slow-reader-process.ts', import.meta.url));
const flags = ['--expose-gc', '--conditions=@loa/source', '--import', '@swc-node/register/esm-register'];

/** 100 MB of payload. */
const EVENTS = 25_000;
const BYTES = 4_000;
/** A fetch and what was made of it, or a page of the log: far from what waits. */
const MOST_GROWN_MIB = 64;
/** Longer than a member that is not heard from stays in its group at the pace `local`. */
const LONGER_THAN_A_SESSION_MS = 7_000;

let source: TestSource;
let reader: ChildProcess;
let last: SlowReaderWord | undefined;
let mostGrown: number;

beforeEach(async () => {
  source = await TestSource.open('planning');
  await source.asOwner(
    `INSERT INTO es.event (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
     SELECT md5('stream' || n)::uuid, 1, n, md5('event' || n)::uuid, 'test.Counted', 1,
            to_json(repeat('x', $2::int)), '{}', date_trunc('milliseconds', now())
       FROM generate_series(1, $1::int) n`,
    [EVENTS, BYTES],
  );
  await source.asOwner('UPDATE es.lane SET head = $1', [EVENTS]);
});
afterEach(async () => {
  reader.kill('SIGKILL');
  await source.close();
});

function start(plan: Pick<SlowReaderPlan, 'kafka'> = {}): string {
  const name = `slow-${source.topic}`;
  const { NODE_ENV: _, ...env } = process.env;
  const whole: SlowReaderPlan = {
    ...plan,
    name,
    source: source.name,
    connectionString: source.access.runtime,
  };
  reader = spawn(process.execPath, [...flags, script, JSON.stringify(whole)], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  [last, mostGrown] = [undefined, 0];
  reader.on('message', (word) => {
    last = word as SlowReaderWord;
    mostGrown = Math.max(mostGrown, last.grown);
  });
  return name;
}

/** It has one batch in its hands, and no more is fetched for it than that. */
const isHanded = () =>
  eventually(() => expect(last).toMatchObject({ handed: 1, taken: 0 }), {
    within,
    unless: () => (last?.handed ?? 0) > 1,
  });
const stillHoldsOneBatch = () => {
  expect(last).toMatchObject({ handed: 1, taken: 0, faults: [] });
  expect(mostGrown).toBeLessThan(MOST_GROWN_MIB);
};
/** Each event once and in its turn, which it looks at itself; on the way it keeps no more than before. */
async function catchesUp(): Promise<void> {
  reader.send('be fast');
  await eventually(() => expect(last).toMatchObject({ handed: 0, taken: EVENTS }), { within });
  expect(last!.faults).toEqual([]);
  expect(mostGrown).toBeLessThan(MOST_GROWN_MIB);
}

describe('a slow reader of the log', () => {
  it('is handed one batch, whatever waits behind it, and catches up when it is fast', async () => {
    start();
    await isHanded();
    // Reading on would be done with all of the log in this time.
    await pause(2_000);
    stillHoldsOneBatch();
    await catchesUp();
  });
});

describeWithKafka('a slow reader of Kafka', (brokers) => {
  it('is handed one batch, stays in its group, and catches up when it is fast', async () => {
    await createTestTopics(brokers, [source]);
    const relay = startRelay(brokers, source);
    const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
    try {
      const kafka = { brokers, clientId: 'loa-test-slow', pace: 'local', topic: source.topic } as const;
      const group = start({ kafka });
      await isHanded();
      await eventually(() => expect(relay.counters.published).toBe(EVENTS), { within });
      await admin.connect();
      const members = async () => {
        const { groups } = await admin.describeGroups([group]);
        return groups.flatMap((one) => one.members.map(({ memberId }) => memberId));
      };
      // Where everything stands still for so long it has to join anew; one that does not say that it lives never stays.
      await eventually(
        async () => {
          const before = await members();
          await pause(LONGER_THAN_A_SESSION_MS);
          expect([before.length, await members()]).toEqual([1, before]);
        },
        { within },
      );
      stillHoldsOneBatch();
      await catchesUp();
    } finally {
      await Promise.all([admin.disconnect(), relay.close()]);
    }
  });
});
