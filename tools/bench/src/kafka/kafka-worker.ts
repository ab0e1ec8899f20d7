import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import {
  consumerSettings,
  KafkaTransport,
  PRODUCE_WITHIN_MS,
  producerSettings,
  Relay,
  type KafkaAddress,
} from '@loa/transport';
import { Kafka, logLevel, type KafkaMessage, type Message } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DATA, META, TYPE } from '../append/payload.js';
import type { Stretch } from '../rounds.js';
import { fillLog, type Filling } from '../system/log-filling.js';
import { answerCalls } from '../system/worker.js';
import { Tally } from './tally.js';

export interface OpenCall {
  readonly log: string;
  readonly brokers: readonly string[];
  readonly events: number;
}

export interface TopicCall {
  readonly topic: string;
}

/** As the relay sends. */
const PER_SEND = 1_000;
const PER_APPEND = 10;
const WITHIN_MS = 120_000;

let log: string;
let address: KafkaAddress;
let kafka: Kafka;
let store: EventStore;
let total: number;
let records: readonly Message[] = [];

async function open(call: OpenCall): Promise<void> {
  log = call.log;
  total = call.events;
  address = { brokers: call.brokers, clientId: 'loa-bench', pace: 'local' };
  kafka = new Kafka({ brokers: [...call.brokers], clientId: 'loa-bench', logLevel: logLevel.NOTHING });
  store = new EventStore(openPool({ connectionString: log, applicationName: 'loa-bench' }));
  await fillLog(store, fillings());
}

function* fillings(): Generator<Filling> {
  const event = () => ({ eventId: randomUUID(), type: TYPE, schemaVersion: 1, data: DATA, meta: META });
  for (let made = 0; made < total; made += PER_APPEND) {
    yield { streamId: randomUUID(), expected: 0, events: Array.from({ length: PER_APPEND }, event) };
  }
}

/** The whole log to an empty topic; events are small, so that every send but the last is a full one. */
async function relay({ topic }: TopicCall): Promise<Stretch> {
  const tally = new Tally(total);
  const survived: unknown[] = [];
  let published = 0;
  const running = Relay.start({
    source: 'bench',
    store,
    connectionString: log,
    kafka: address,
    topic,
    onError: (error) => survived.push(error),
    onPublished: () => {
      const count = Math.min(PER_SEND, total - published);
      published += count;
      tally.add(count);
    },
  });
  try {
    return await inTime(tally, survived);
  } finally {
    await running.close();
  }
}

/** The very records of a topic, as text, in the order of the log: what the bare producer sends. */
async function take({ topic }: TopicCall): Promise<void> {
  const found: KafkaMessage[] = [];
  const partitions = new Map<KafkaMessage, number>();
  await consumeBare(topic, (messages, partition) => {
    for (const message of messages) partitions.set(message, partition);
    found.push(...messages);
  });
  const position = ({ headers }: KafkaMessage) => Number(String(headers!['p']));
  records = found
    .toSorted((one, other) => position(one) - position(other))
    .map((message) => ({
      partition: partitions.get(message)!,
      key: String(message.key),
      value: String(message.value),
      headers: Object.fromEntries(
        Object.entries(message.headers!).map(([name, value]) => [name, String(value)]),
      ),
    }));
}

/** The same records to an empty topic, in sends of the same size. */
async function produce({ topic }: TopicCall): Promise<Stretch> {
  const producer = kafka.producer(producerSettings(address));
  await producer.connect();
  const tally = new Tally(total);
  for (let at = 0; at < records.length; at += PER_SEND) {
    const messages = records.slice(at, at + PER_SEND);
    await producer.send({ topic, messages, acks: -1, timeout: PRODUCE_WITHIN_MS });
    tally.add(messages.length);
  }
  await producer.disconnect();
  return tally.complete;
}

/** Through the transport, to a reader that does nothing. */
async function subscribe({ topic }: TopicCall): Promise<Stretch> {
  const tally = new Tally(total);
  const survived: unknown[] = [];
  const transport = new KafkaTransport({
    kafka: address,
    topicOf: () => topic,
    onError: (error) => survived.push(error),
  });
  await transport.subscribe({
    name: randomUUID(),
    sources: ['bench'],
    // Asked as soon as the group has handed out its partitions, before anything is fetched.
    checkpoints: async () => {
      tally.begin();
      return [];
    },
    handle: async ({ events }) => tally.add(events.length),
  });
  try {
    return await inTime(tally, survived);
  } finally {
    await transport.close();
  }
}

/** A broker that has just started, or a new group, may say "not yet": that is survived, but not for ever. */
async function inTime({ complete }: Tally, survived: readonly unknown[]): Promise<Stretch> {
  const over = new AbortController();
  const late = pause(WITHIN_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error('not all of it came in time', { cause: survived.at(-1) });
  });
  return Promise.race([complete, late]).finally(() => over.abort());
}

const consume = ({ topic }: TopicCall): Promise<Stretch> => consumeBare(topic, () => undefined);

async function consumeBare(
  topic: string,
  look: (messages: readonly KafkaMessage[], partition: number) => void,
): Promise<Stretch> {
  const consumer = kafka.consumer(consumerSettings(address, randomUUID()));
  const tally = new Tally(total);
  consumer.on(consumer.events.GROUP_JOIN, () => tally.begin());
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { messages, partition } }) => {
      look(messages, partition);
      tally.add(messages.length);
    },
  });
  const stretch = await tally.complete;
  await consumer.disconnect();
  return stretch;
}

answerCalls({ open, relay, take, produce, subscribe, consume });
