import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { Projector, runProjector } from '@loa/projections';
import { KafkaTransport, LogTransport, type EventTransport } from '@loa/transport';
import { existsSync } from 'node:fs';
import { streams } from './contract.js';
import { SOURCE, begin, readerName, tell, type ReaderPlan } from './plans.js';
import type { Reader } from './tables.migration.js';
import { watch } from './watch.js';

const plan = begin<ReaderPlan>();
const store = new EventStore(openPool({ connectionString: plan.log, applicationName: plan.name, max: 3 }));
const rows = openPool({ connectionString: plan.rows, applicationName: plan.name, max: 6 });

async function read(transport: EventTransport, names: readonly Reader[]): Promise<void> {
  for (const name of names) {
    const projector = new Projector(rows, {
      name: readerName(name, plan.kafka),
      sources: [SOURCE],
      projections: [streams(() => existsSync(plan.mended), plan.broken)],
      schema: name,
    });
    await runProjector(transport, projector, tell);
  }
}

await read(new LogTransport({ [SOURCE]: store }, tell), plan.fromLog);
if (plan.kafka) {
  const { brokers, topic, partitions } = plan.kafka;
  const kafka = { brokers, clientId: plan.name, pace: 'local' as const };
  await read(new KafkaTransport({ kafka, onError: tell, topicOf: () => topic, partitions }), plan.fromKafka);
}
if (plan.watch !== undefined) await watch(store, plan.watch);
