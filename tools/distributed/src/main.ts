import { join } from 'node:path';
import { Distributed, services } from './distributed.js';

/** `npm run distributed`: the five processes, for a person to look at. Ctrl-C stops all of it. */
const started = Date.now();
const system = await Distributed.start({
  folder: process.env['LOA_HOME'] ?? join(process.cwd(), '.loa', 'distributed'),
  gatewayPort: Number(process.env['LOA_HTTP_PORT'] ?? 4100),
  onStep: (step) => console.log(`… ${step}`),
});
console.log(`\nLoa, distributed, after ${((Date.now() - started) / 1000).toFixed(1)} s`);
console.log(`  GraphQL   ${system.url}/graphql`);
console.log(`  Explorer  ${system.url}/explorer`);
console.log(`  Kafka     ${system.kafka.brokers.join(',')}`);
for (const name of services)
  console.log(`  ${name.padEnd(18)} ${system.service(name).url}  log: ${system.service(name).log}`);
console.log('Ctrl-C stops it.');

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void system.stop().then(() => process.exit(0));
  });
}
