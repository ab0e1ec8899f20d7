import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import type { Checkpoint, EventTransport, Subscriber } from '../event-transport.js';
import { KafkaTransport } from '../kafka-transport.js';
import type { KafkaAddress } from '../kafka-settings.js';
import { LogTransport } from '../log-transport.js';
import { TEST_PARTITIONS } from './carriers.js';

/** What a slow reader that runs as a process of its own is told, as JSON in its first argument. */
export interface SlowReaderPlan {
  readonly name: string;
  readonly source: string;
  /** To the log of the source, which is read when there is no Kafka to read. */
  readonly connectionString: string;
  readonly kafka?: KafkaAddress & { readonly topic: string };
}

/** What it says twice a second. */
export interface SlowReaderWord {
  /** Batches that it was handed and has not taken in. */
  readonly handed: number;
  /** Events that it has taken in. */
  readonly taken: number;
  /** Broken promises of the transport. */
  readonly faults: readonly string[];
  /** What it keeps in memory, in MiB, beyond what it kept before it began to read. */
  readonly grown: number;
}

const WORD_MS = 500;
const MIB = 1024 * 1024;
const plan = JSON.parse(process.argv[2]!) as SlowReaderPlan;
const places = new Map<number, Checkpoint>();
const faults: string[] = [];
let handed = 0;
let taken = 0;

/** It takes nothing in until it is told to; then it is fast. */
const told = new Promise((resolve) => process.once('message', resolve));
const reader: Subscriber = {
  name: plan.name,
  sources: [plan.source],
  checkpoints: async () => [...places.values()],
  handle: async ({ source, partition, events }) => {
    handed += 1;
    await told;
    for (const { position, previous, offset, recordedAt } of events) {
      const at = places.get(partition)?.position ?? 0;
      if (position <= at) continue;
      if (previous !== at)
        faults.push(`${partition}: ${position} follows ${previous}, but ${at} was the last`);
      places.set(partition, { source, partition, position, offset, recordedAt });
      taken += 1;
    }
    handed -= 1;
  },
};

const onError = (error: unknown) => console.error(error);
const open = (): EventTransport => {
  const { connectionString, kafka, source } = plan;
  if (kafka)
    return new KafkaTransport({ kafka, topicOf: () => kafka.topic, partitions: TEST_PARTITIONS, onError });
  const store = new EventStore(openPool({ connectionString, applicationName: plan.name }));
  return new LogTransport({ [source]: store }, onError);
};

/** Bytes that are still in use. */
function held(): number {
  // Given by --expose-gc: what nobody needs any more is nobody's growth.
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// Also when the test was killed: nobody else would end us.
process.on('disconnect', () => process.exit(0));
const before = held();
await open().subscribe(reader);
setInterval(() => {
  const word: SlowReaderWord = { handed, taken, faults, grown: (held() - before) / MIB };
  process.send?.(word);
}, WORD_MS);
