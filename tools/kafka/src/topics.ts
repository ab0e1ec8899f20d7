import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const LED_WITHIN_MS = 30_000;

export interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  /** Settings of the topic, by their Kafka names. */
  readonly config: Readonly<Record<string, string>>;
}

export interface CreatedTopics {
  readonly created: readonly string[];
  /** They were there already, with the right number of partitions. */
  readonly kept: readonly string[];
  /** Settings of kept topics that are not what they should be: for an operator to look at, nothing was changed. */
  readonly different: readonly string[];
}

const settings = z.record(z.string(), z.string());
const kindsOfTopics = ['events', 'heartbeat'] as const;
const fileSchema = z.object({
  kinds: z.record(
    z.enum(kindsOfTopics),
    z.object({ topics: z.array(z.string()).min(1), partitions: z.int().positive(), config: settings }),
  ),
  config: settings,
  environments: z.record(z.string(), z.object({ replicas: z.int().positive(), config: settings })),
});

/** A topic of this project: the events of a context, or the heartbeats of the relay that publishes them. */
export interface ProjectTopic extends Topic {
  readonly kind: (typeof kindsOfTopics)[number];
}

/** The topics of infra/kafka/topics.json as one environment ("local", "production") wants them. */
export async function readTopics(environment: string): Promise<ProjectTopic[]> {
  const path = fileURLToPath(new URL('../../../infra/kafka/topics.json', import.meta.url));
  const { kinds, config, environments } = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const chosen = environments[environment];
  if (!chosen)
    throw new Error(`topics.json knows ${Object.keys(environments).join(' and ')}, not "${environment}"`);
  return kindsOfTopics.flatMap((kind) => {
    const { topics, partitions, config: own } = kinds[kind];
    const all = { ...config, ...own, ...chosen.config };
    return topics.map((name) => ({ name, kind, partitions, replicas: chosen.replicas, config: all }));
  });
}

/**
 * Creates the topics that are missing and changes none.
 * @throws when a topic exists with another number of partitions: it decides which partition a stream is in, and events
 *   of one stream would be spread over two
 */
export async function createTopics(
  brokers: readonly string[],
  topics: readonly Topic[],
): Promise<CreatedTopics> {
  const admin = new Kafka({
    clientId: 'loa-topics',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const names = new Set(await admin.listTopics());
    const present = topics.filter(({ name }) => names.has(name));
    const missing = topics.filter(({ name }) => !names.has(name));
    await refuseOtherPartitionCounts(admin, present);
    if (missing.length > 0) await create(admin, missing);
    return {
      created: missing.map(({ name }) => name),
      kept: present.map(({ name }) => name),
      different: await differences(admin, present),
    };
  } finally {
    await admin.disconnect();
  }
}

async function create(admin: Admin, missing: readonly Topic[]): Promise<void> {
  await admin.createTopics({
    // It gives up when a broker has not heard of the topic yet.
    waitForLeaders: false,
    topics: missing.map(({ name, partitions, replicas, config }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: replicas,
      configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    })),
  });
  for (const { name } of missing) await led(admin, name);
}

/** Resolves when every partition has a leader. @throws what kafkajs says when that takes longer than half a minute */
async function led(admin: Admin, topic: string): Promise<void> {
  const deadline = Date.now() + LED_WITHIN_MS;
  for (;;) {
    try {
      // Asks every leader: there is one when all answer.
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(100);
    }
  }
}

async function refuseOtherPartitionCounts(admin: Admin, present: readonly Topic[]): Promise<void> {
  if (present.length === 0) return;
  const { topics } = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
  const wrong = present.flatMap(({ name, partitions }) => {
    const found = topics.find((topic) => topic.name === name)?.partitions.length;
    return found === partitions ? [] : [`${name} has ${found} partitions and should have ${partitions}`];
  });
  if (wrong.length === 0) return;
  throw new Error(
    `${wrong.join('; ')}. The partition of a stream is computed from their number, so it cannot change: publish to a ` +
      'new topic from the beginning of the log, or put the number in infra/kafka/topics.json right.',
  );
}

async function differences(admin: Admin, present: readonly Topic[]): Promise<string[]> {
  if (present.length === 0) return [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    // 2: a topic, by the Kafka protocol.
    resources: present.map(({ name }) => ({ type: 2, name })),
  });
  return present.flatMap(({ name, config }) => {
    const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    return Object.entries(config).flatMap(([key, wanted]) => {
      const found = entries.find(({ configName }) => configName === key)?.configValue;
      return found === wanted ? [] : [`${name}: ${key} is ${found}, should be ${wanted}`];
    });
  });
}
