import { describe, expect, it, jest } from '@jest/globals';
import { freePorts } from '@loa/free-ports';
import { describeUnless, eventually } from '@loa/testing';
import { Kafka, logLevel } from 'kafkajs';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrokerProcess } from './broker-process.js';
import { brokerSettings } from './broker-settings.js';
import { LocalKafka } from './local-kafka.js';
import { commandLine } from './processes.js';
import { createTopics, readTopics, type Topic } from './topics.js';

jest.setTimeout(60_000);
const within = 30_000;

const state = await LocalKafka.available();

const topic = (name: string, partitions: number): Topic => ({ name, partitions, replicas: 1, config: {} });
const isRunning = async (pid: number) => (await commandLine(pid)).includes('kafka.Kafka');
const pidIn = async (folder: string) => Number(await readFile(join(folder, 'node-1', 'pid'), 'utf8'));

it('a broker listens on its own port and tells others the one that it is to advertise', () => {
  const node = { id: 1, port: 9001, controllerPort: 9002 };
  const lines = brokerSettings({ ...node, advertisedPort: 9003 }, [node], '/data').split('\n');
  expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:9001,CONTROLLER://127.0.0.1:9002');
  expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:9003');
  expect(brokerSettings(node, [node], '/data')).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:9001');
});

describe('the topics of this project', () => {
  it('are on three brokers in production and never lose what two have acknowledged; events are kept for ever', async () => {
    const topics = await readTopics('production');
    for (const { replicas, config } of topics) {
      expect(replicas).toBe(3);
      expect(config).toMatchObject({
        'cleanup.policy': 'delete',
        'min.insync.replicas': '2',
        'unclean.leader.election.enable': 'false',
      });
    }
    for (const { name, partitions, config } of topics.filter(({ kind }) => kind === 'events')) {
      expect(name).toMatch(/^loa\.(planning|reporting|monitoring)\.events$/);
      expect({ partitions, retention: config['retention.ms'] }).toEqual({ partitions: 12, retention: '-1' });
    }
    await expect(readTopics('moon')).rejects.toThrow('topics.json knows local and production, not "moon"');
  });

  it('keep heartbeats for a while only', async () => {
    const topics = await readTopics('local');
    for (const { config } of topics.filter(({ kind }) => kind === 'heartbeat')) {
      expect(Number(config['retention.ms'])).toBeGreaterThan(0);
      // A segment that is written to is never thrown away.
      expect(Number(config['segment.ms'])).toBeLessThanOrEqual(Number(config['retention.ms']));
    }
  });
});

describeUnless(describe, state.available ? undefined : state.why, 'a local Kafka', () => {
  it('keeps its data over a kill, creates topics once, and leaves no process and no folder behind', async () => {
    const kafka = await LocalKafka.start();
    const first = await createTopics(kafka.brokers, [topic('loa.one', 3)]);
    expect(first).toMatchObject({ created: ['loa.one'], kept: [] });
    await kafka.kill(1);
    await expect(topicsOf(kafka.brokers)).rejects.toThrow();
    await kafka.restart(1);
    expect(await topicsOf(kafka.brokers)).toContain('loa.one');

    const again = await createTopics(kafka.brokers, [topic('loa.one', 3), topic('loa.two', 3)]);
    expect(again).toEqual({ created: ['loa.two'], kept: ['loa.one'], different: [] });
    const other = createTopics(kafka.brokers, [topic('loa.one', 5), topic('loa.three', 5)]);
    await expect(other).rejects.toThrow('loa.one has 3 partitions and should have 5');
    expect(await topicsOf(kafka.brokers)).not.toContain('loa.three');
    const stricter = await createTopics(kafka.brokers, [
      { ...topic('loa.one', 3), config: { 'retention.ms': '-1' } },
    ]);
    expect(stricter.different).toEqual(['loa.one: retention.ms is 604800000, should be -1']);

    await kafka.stop();
    await expect(topicsOf(kafka.brokers)).rejects.toThrow();
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends with the process that started it, also by %s',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'loa-kafka-spec-'));
      const script = `
        const { LocalKafka } = await import(${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))});
        await LocalKafka.start({ folder: ${JSON.stringify(folder)} });
        setInterval(() => {}, 1000);`;
      const flags = [
        '--conditions=@loa/source',
        '--import',
        '@swc-node/register/esm-register',
        '--input-type=module',
      ];
      const parent = spawn(process.execPath, [...flags, '-e', script], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      try {
        const pid = await eventually(
          async () => {
            const found = await pidIn(folder);
            expect(await isRunning(found)).toBe(true);
            return found;
          },
          { within },
        );
        parent.kill(signal);
        await eventually(async () => expect(await isRunning(pid)).toBe(false), { within });
      } finally {
        parent.kill('SIGKILL');
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

  it('ends a broker that an interrupted run left behind on its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loa-kafka-spec-'));
    const ports = await freePorts(4);
    const plan = (at: number) => ({ id: 1, port: ports[at]!, controllerPort: ports[at + 1]! });
    const left = new BrokerProcess(plan(0), join(folder, 'node-1'), [plan(0)]);
    try {
      await left.prepare('bG9hLWthZmthLXNwZWMtMQ');
      await left.start();
      const pid = await pidIn(folder);
      expect(await isRunning(pid)).toBe(true);
      await new BrokerProcess(plan(2), join(folder, 'node-1'), [plan(2)]).prepare('bG9hLWthZmthLXNwZWMtMQ');
      expect(await isRunning(pid)).toBe(false);
      expect(existsSync(join(folder, 'node-1', 'pid'))).toBe(false);
    } finally {
      await left.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function topicsOf(brokers: readonly string[]): Promise<string[]> {
  const admin = new Kafka({
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
  }).admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}
