import { bacKanWorld, sow } from '@loa/seed';
import { HomeInUse } from './home.js';
import { readSettings } from './settings.js';
import { startStandalone, type RunningStandalone } from './standalone.js';
import { storyQueries } from './story-queries.js';

const started = Date.now();
const seconds = () => ((Date.now() - started) / 1000).toFixed(1);

/** `npm start`: everything in this process. */
async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2));
  console.log('… starting PostgreSQL, planning, reporting, monitoring and the gateway');
  const loa = await startStandalone(settings);
  stopOnSignal(loa);
  if (!settings.empty) await makeWorld(loa);
  console.log(`
Loa is running (${seconds()} s)

  GraphQL    ${loa.url}/graphql
  Explorer   ${loa.url}/explorer   (works offline; ${storyQueries.length} ready-made queries)
  Data       ${settings.home}   (npm start -- --fresh starts over)

Ctrl-C stops it.`);
}

/** On the first start the demo world goes in through the same doors as anything else; later starts find it there. */
async function makeWorld(loa: RunningStandalone): Promise<void> {
  const [directory] = await loa.heads();
  if (directory !== 0) return;
  const world = bacKanWorld();
  console.log(`… making the world of Bắc Kạn in 2022: ${world.commands.length} commands`);
  await sow(world, ({ contract, ...envelope }) => loa.sender.send(contract, envelope), { concurrency: 16 });
  const recorded = (await loa.heads()).reduce((sum, head) => sum + head, 0);
  while ((await loa.projected()) < recorded) await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(`… ${recorded} events recorded and shown (${seconds()} s)`);
}

function stopOnSignal(loa: RunningStandalone): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      console.log('\n… stopping');
      void loa.stop().then(() => {
        console.log('stopped; everything is kept');
        process.exit(0);
      });
    });
  }
}

main().catch((error: unknown) => {
  const inUse = (error as { code?: string } | null)?.code === 'EADDRINUSE';
  if (error instanceof HomeInUse) console.error(error.message);
  else if (inUse) {
    console.error('The port is taken by another program: choose one with LOA_HTTP_PORT=4010 npm start.');
    console.error('Cổng đang được chương trình khác dùng: chọn cổng khác bằng LOA_HTTP_PORT=4010 npm start.');
  } else console.error(error);
  process.exit(1);
});
