import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { FailPointName } from '@loa/fail-points';
import { eventually, freshDatabase } from '@loa/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { Relay } from './relay.js';
import { TEST_PARTITIONS, createTestTopics, openKafkaTransport, startRelay } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import type { RelayProcessPlan, RelayProcessWord } from './testing/relay-process.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';

jest.setTimeout(120_000);
const within = 60_000;
const lease = { leaseMs: 4_000, hangsAfterMs: 180_000 };
const script = fileURLToPath(new URL('./testing/relay-process.ts', import.meta.url));
const flags = ['--conditions=@loa/source', '--import', '@swc-node/register/esm-register'];

/** A relay as a process of its own, which freezes itself where it is told to. */
class RelayProcess {
  last: RelayProcessWord = { leads: false, stepDowns: 0 };
  private readonly child: ChildProcess;

  constructor(plan: RelayProcessPlan, freezesAt?: FailPointName) {
    const { NODE_ENV: _, ...env } = process.env;
    this.child = spawn(process.execPath, [...flags, script, JSON.stringify(plan)], {
      env: { ...env, ...(freezesAt && { LOA_FAIL_POINTS: `${freezesAt}:stop@2` }) },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (word) => (this.last = word as RelayProcessWord));
  }

  leads = () => eventually(() => expect(this.last.leads).toBe(true), { within });
  signal = (signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL') => this.child.kill(signal);
}

describeWithKafka('a relay that is frozen while it leads, and keeps its session', (brokers) => {
  let source: TestSource;
  let pool: pg.Pool;
  let reader: RowReader;
  let frozen: RelayProcess;
  let other: Relay | undefined;

  beforeAll(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
  });
  afterAll(() => pool.end());

  const everythingIsRead = async () => {
    const head = await source.store.head();
    await eventually(async () => expect(await reader.count(source.name)).toBe(head), { within });
    expect(await reader.differences(source)).toEqual([]);
  };
  const sessions = async () => {
    const [row] = await source.asOwner<{ count: number }>(
      'SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1',
      [`relay ${source.topic}`],
    );
    return row!.count;
  };

  it.each([
    ['before it sends', 'relay.beforeSend'],
    ['when what it sent is acknowledged', 'relay.afterAcknowledgement'],
    ['when its place is noted', 'relay.afterCheckpoint'],
    ['while it has nothing to do', undefined],
  ] as const)(
    '%s: another takes over, nothing is lost, and it steps down when it goes on',
    async (_when, freezesAt) => {
      source = await TestSource.open('frozen');
      await createTestTopics(brokers, [source]);
      reader = new RowReader(pool, `reader-${source.topic}`, [source.name]);
      const transport = openKafkaTransport(brokers, [source]);
      await transport.subscribe(reader);
      const kafka = { brokers, clientId: 'loa-test-frozen', pace: 'local' } as const;
      const connectionString = source.access.runtime;
      const plan = { source: source.name, connectionString, kafka, topic: source.topic, lease };
      frozen = new RelayProcess({ ...plan, partitions: TEST_PARTITIONS }, freezesAt);
      try {
        await frozen.leads();
        // One event is one batch: the next one is the second.
        await source.append(1);
        await everythingIsRead();
        other = startRelay(brokers, source, { lease });
        await eventually(() => expect(other?.healthy()).toBe(true), { within });

        if (freezesAt === undefined) frozen.signal('SIGSTOP');
        await source.append(40);
        await eventually(() => expect(other?.leading()).toBe(true), { within });
        await eventually(async () => expect(await sessions()).toBe(2), { within });
        await source.append(40);
        await everythingIsRead();

        frozen.signal('SIGCONT');
        await source.append(40);
        await eventually(() => expect(frozen.last.stepDowns).toBeGreaterThan(0), { within });
        await source.append(40);
        await everythingIsRead();
        await other.close();
        await frozen.leads();
        await source.append(40);
        await everythingIsRead();
      } finally {
        frozen.signal('SIGKILL');
        await Promise.all([other?.close(), transport.close()]);
        await source.close();
      }
    },
  );
});
