import { placeFor } from '@loa/local-postgres';
import { BadConfiguration } from '@loa/service';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HomeInUse, takeHome } from './home.js';
import { operatorTokenFile } from './operator-token.js';
import { readSettings, type Settings } from './settings.js';
import type { RunningStandalone } from './standalone.js';

const started = Date.now();
const seconds = () => ((Date.now() - started) / 1000).toFixed(1);
let stopping = false;

/** `npm start`: everything in this process. */
async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2));
  const starting = start(settings);
  // At once: whoever changes their mind while it starts must not leave a database server behind.
  stopOnSignal(starting);
  const loa = await starting;
  if (!settings.empty && !stopping) await makeWorld(loa, settings);
  if (stopping) return;
  const { storyQueries } = await import('./story-queries.js');
  console.log(`
Loa is running (${seconds()} s)

  GraphQL    ${loa.url}/graphql
  Explorer   ${loa.url}/explorer   (works offline; ${storyQueries.length} ready-made queries)
  Data       ${settings.home}   (npm start -- --fresh starts over)${await databaseLine(settings)}
  Operators  send "Authorization: Bearer …" with the token in ${operatorTokenFile(settings.home)}

Ctrl-C stops it.`);
}

/** Takes the data folder before anything else is loaded: a second start on one folder is told so at once. */
async function start(settings: Settings): Promise<RunningStandalone> {
  await takeHome(settings.home);
  console.log('… starting PostgreSQL, planning, reporting, monitoring and the gateway');
  const { startStandalone } = await import('./standalone.js');
  return startStandalone(settings);
}

/** Says where the database is when that is not where one would look for it. */
async function databaseLine({ home }: Settings): Promise<string> {
  const expected = join(home, 'postgres');
  const place = await placeFor(expected);
  return place === expected ? '' : `\n  Database   ${place}`;
}

/**
 * On the first start the demo world goes in through the same doors as anything else. Interrupted, the next start goes
 * on with it: commands that were carried out are answered again. Data of one's own is never mixed with it.
 */
async function makeWorld(loa: RunningStandalone, { home }: Settings): Promise<void> {
  const note = join(home, 'demo-world');
  const state = await readFile(note, 'utf8').catch(() => 'absent');
  const [directory] = await loa.heads();
  if (state === 'made' || (state === 'absent' && directory !== 0)) return;
  await writeFile(note, 'begun');
  const { bacKanWorld, sow } = await import('@loa/seed');
  const world = bacKanWorld();
  console.log(`… making the world of Bắc Kạn in 2022: ${world.commands.length} commands`);
  await sow(world, ({ contract, ...envelope }) => loa.sender.send(contract, envelope), { concurrency: 16 });
  await writeFile(note, 'made');
  const recorded = (await loa.heads()).reduce((sum, head) => sum + head, 0);
  while ((await loa.projected()) < recorded) await pause(50);
  console.log(`… ${recorded} events recorded and shown (${seconds()} s)`);
}

function stopOnSignal(starting: Promise<RunningStandalone>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      console.log('\n… stopping');
      void starting
        .then((loa) => loa.stop())
        .then(
          () => {
            console.log('stopped; everything is kept');
            process.exit(0);
          },
          () => process.exit(1),
        );
    });
  }
}

main().catch((error: unknown) => {
  // What was under way when it was told to stop has nobody left to answer to.
  if (stopping) return;
  const inUse = (error as { code?: string } | null)?.code === 'EADDRINUSE';
  if (error instanceof HomeInUse || error instanceof BadConfiguration) console.error(error.message);
  else if (inUse) {
    console.error('The port is taken by another program: choose one with LOA_HTTP_PORT=4010 npm start.');
    console.error('Cổng đang được chương trình khác dùng: chọn cổng khác bằng LOA_HTTP_PORT=4010 npm start.');
  } else console.error(error);
  process.exit(1);
});
