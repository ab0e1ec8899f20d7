import { resolve } from 'node:path';
import { LocalKafka } from './local-kafka.js';
import { createTopics, readTopics } from './topics.js';

const PORT = 9092;

/** `npm run kafka`: one broker by hand, with the topics of this project, until Ctrl-C. */
const kafka = await LocalKafka.start({ folder: resolve('.loa', 'kafka'), port: PORT });
const { created } = await createTopics(kafka.brokers, await readTopics('local'));
if (created.length > 0) console.log(`created ${created.join(', ')}`);
console.log(`KAFKA_BROKERS=${kafka.brokers.join(',')}`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void kafka.stop().then(() => process.exit(0));
  });
}
// Nothing else keeps this process: the broker is not waited for.
setInterval(() => undefined, 60_000);
