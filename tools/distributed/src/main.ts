import { bacKanWorld } from '@loa/seed';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Distributed, services } from './distributed.js';
import { sowThrough } from './world.js';

const started = Date.now();
const seconds = () => ((Date.now() - started) / 1000).toFixed(1);
const stopping = new AbortController();

/** `npm run distributed [-- --world]`: the five processes, for a person to look at. Ctrl-C stops all of it. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { world: { type: 'boolean', default: false } } });
  const starting = Distributed.start({
    folder: process.env['LOA_HOME'] ?? join(process.cwd(), '.loa', 'distributed'),
    gatewayPort: Number(process.env['LOA_HTTP_PORT'] ?? 4100),
    onStep: (step) => console.log(`… ${step}`),
    signal: stopping.signal,
  });
  // At once: whoever changes their mind while it starts must not leave a database server behind.
  stopOnSignal(starting);
  const system = await starting;
  if (values.world) await makeWorld(system);
  stopping.signal.throwIfAborted();
  tell(system, values.world);
}

/** What was made before is answered as it was then, so an interrupted one goes on. */
async function makeWorld({ url }: Distributed): Promise<void> {
  const world = bacKanWorld();
  console.log(`… making the world of Bắc Kạn in 2022 through the gateway: ${world.commands.length} commands`);
  await sowThrough(url, world);
}

function tell(system: Distributed, world: boolean): void {
  console.log(`\nLoa, distributed, after ${seconds()} s`);
  console.log(`  GraphQL   ${system.url}/graphql`);
  console.log(`  Explorer  ${system.url}/explorer   (without ready-made queries: the README has some)`);
  console.log(
    world
      ? '  World     of Bắc Kạn in 2022, as "npm start" makes it; views may take a moment'
      : '  World     none was made by this start: npm run distributed -- --world makes the demo world',
  );
  console.log(`  Operators send "Authorization: Bearer ${system.operatorToken}", until it is stopped`);
  console.log(`  Kafka     ${system.kafka.brokers.join(',')}`);
  for (const name of services)
    console.log(`  ${name.padEnd(18)} ${system.service(name).url}  log: ${system.service(name).log}`);
  console.log('Ctrl-C stops it.');
}

function stopOnSignal(starting: Promise<Distributed>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      console.log('\n… stopping');
      void stopped(starting).then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

async function stopped(starting: Promise<Distributed>): Promise<void> {
  // A start that fails has stopped what it had started.
  const system = await starting.catch(() => undefined);
  await system?.stop();
  console.log('stopped');
}

main().catch((error: unknown) => {
  // What was under way when it was told to stop has nobody left to answer to.
  if (stopping.signal.aborted) return;
  console.error(error);
  process.exit(1);
});
