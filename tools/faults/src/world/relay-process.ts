import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { Relay } from '@loa/transport';
import { SOURCE, begin, say, tell, type RelayPlan } from './plans.js';

const LOOK_MS = 50;

const { log, kafka, name } = begin<RelayPlan>();
const relay = Relay.start({
  source: SOURCE,
  store: new EventStore(openPool({ connectionString: log, applicationName: name, max: 2 })),
  connectionString: log,
  kafka: { brokers: kafka.brokers, clientId: name, pace: 'local' },
  topic: kafka.topic,
  partitions: kafka.partitions,
  // Shorter than the load, so that another one leads while the frozen one is still there.
  lease: { leaseMs: 2_000, hangsAfterMs: 180_000 },
  onError: tell,
});
let leads = false;
setInterval(() => {
  if (relay.leading() === leads) return;
  leads = !leads;
  say({ leads });
}, LOOK_MS);
