import { eventStoreMigrations } from '@loa/event-store';
import { createTopics, LocalKafka, readTopics, type ProjectTopic } from '@loa/kafka';
import { RelayLeadership1700000008000, eventsTopic, heartbeatTopic } from '@loa/transport';
import type { Bench } from '../bench.js';
import { comparisonTable } from '../report.js';
import { contend, type Contest, type Contestant, type Stretch } from '../rounds.js';
import { freshBenchDatabase, postgresClock, withPostgres } from '../system/bench-database.js';
import { cpuOf, withCpu, type CpuClocks } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import { postgresSettings } from '../system/environment.js';
import { Worker } from '../system/worker.js';
import { kafkaVersion } from '../system/distributed.js';
import type { OpenCall, TopicCall } from './kafka-worker.js';

const AIM = 0.6;

const heading = {
  title: 'Relay and consumer (one broker, 12 partitions)',
  unit: 'events',
  cpuUnit: 'µs',
  notes: [
    'producer: kafkajs with the settings of the relay, the same records from memory, sends of 1,000. relay: reads them from the log.',
    'consumer: kafkajs with the settings of the transport, counts batches. transport: to a reader that does nothing.',
    'Electing, joining and connecting are not counted: sends from the end of the first batch on, reads from joining the group.',
  ],
} as const;

/** What relay and transport add to kafkajs. @throws when this machine cannot run Kafka, with what it lacks */
export const kafkaPart = (bench: Bench): Promise<void> =>
  withPostgres(bench, async (postgres) => {
    const events = bench.quick ? 10_000 : 40_000;
    bench.step(`Kafka, and a log of ${events} events`);
    const kafka = await bench.closing.hold(
      () => LocalKafka.start(),
      (one) => one.stop(),
    );
    const access = await freshBenchDatabase(postgres, 'bench_relay', {
      migrations: [...eventStoreMigrations, RelayLeadership1700000008000],
    });
    const worker = await bench.closing.hold(
      () => Worker.start('kafka-worker', import.meta.url),
      (one) => one.end(),
    );
    const { brokers } = kafka;
    await worker.call('open', { log: access.runtime, brokers, events } satisfies OpenCall);
    const clocks = { process: () => cpuOf(worker.pid), postgres: await postgresClock(access.owner) };
    const contests = await contestsOf(worker, brokers, clocks);
    bench.step('relay and consumer, each beside kafkajs');
    for (const one of contests.flat()) await one.run();
    const measured = await contend(contests, bench.quick ? 1 : 3);
    const settings = {
      kafka: await kafkaVersion(),
      ...(await inDatabase(access.owner, postgresSettings)),
    };
    bench.tell({ name: 'kafka', table: comparisonTable(heading, measured), measured, settings });
    await worker.end();
    await kafka.stop();
  });

async function contestsOf(worker: Worker, brokers: readonly string[], clocks: CpuClocks): Promise<Contest[]> {
  let topics = 0;
  const emptyTopic = async (): Promise<string> => {
    const name = eventsTopic(`bench-${topics++}`);
    const asDeployed = await readTopics('local');
    const of = (kind: ProjectTopic['kind']) => asDeployed.find((topic) => topic.kind === kind)!;
    await createTopics(brokers, [
      { ...of('events'), name },
      { ...of('heartbeat'), name: heartbeatTopic(name) },
    ]);
    return name;
  };
  const on = (method: string, topic: string) => worker.call<Stretch>(method, { topic } satisfies TopicCall);
  const sends = (name: string, method: string): Contestant => ({
    name,
    run: async () => {
      const topic = await emptyTopic();
      return withCpu(() => on(method, topic), clocks);
    },
  });
  const filled = await emptyTopic();
  await on('relay', filled);
  await on('take', filled);
  const reads = (name: string, method: string): Contestant => ({
    name,
    run: () => withCpu(() => on(method, filled), clocks),
  });
  return [
    [sends('kafkajs producer', 'produce'), { ...sends('relay', 'relay'), aim: AIM }],
    [reads('kafkajs consumer', 'consume'), { ...reads('transport', 'subscribe'), aim: AIM }],
  ];
}
