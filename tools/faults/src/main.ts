import { drawn } from '@loa/terminal';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFor, readOptions, type Options } from './options.js';
import { lineOf, summaryOf, summaryTable } from './report.js';
import { brokenOff, runSeed, type Outcome } from './run/run-seed.js';
import type { Servers } from './run/world.js';
import { scheduleOf } from './schedule/schedule.js';
import { closeServers, startServers } from './servers/servers.js';

const results = join(dirname(fileURLToPath(import.meta.url)), '..', 'results');
const MOST_SHOWN = 10;

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (stopping = true));

/** `npm run faults`: one schedule of load and faults after the other, each judged. Ctrl-C ends it after the one under way. */
async function main(options: Options): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-faults-'));
  const servers = await startServers(options.kafka);
  try {
    const outcomes = await runAll(servers, options, folder);
    const summary = summaryOf(outcomes);
    console.log(`\n${drawn(summaryTable(summary, `Faults, Kafka: ${options.kafka}`))}\n`);
    await mkdir(results, { recursive: true });
    const name = `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-${options.kafka}.json`;
    await writeFile(join(results, name), `${JSON.stringify({ options, summary, outcomes }, null, 2)}\n`);
    console.log(`written to ${join(results, name)}`);
    const sound = outcomes.every(({ findings }) => findings.length === 0);
    if (sound) await rm(folder, { recursive: true, force: true });
    return sound ? 0 : 1;
  } finally {
    await closeServers(servers);
  }
}

async function runAll(servers: Servers, options: Options, folder: string): Promise<Outcome[]> {
  const { from, seeds, kafka, seconds } = options;
  const started = performance.now();
  const outcomes: Outcome[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    if (stopping || performance.now() - started > seconds * 1_000) break;
    const home = join(folder, `seed-${seed}`);
    let usable = true;
    const outcome = await runSeed(servers, scheduleOf(seed, kafka), home).catch(async (error: unknown) => {
      try {
        await servers.postgres.heal();
        return brokenOff(seed, error);
      } catch (why) {
        usable = false;
        return brokenOff(
          seed,
          new AggregateError([error, why], 'PostgreSQL did not come back: no further seeds'),
        );
      }
    });
    outcomes.push(outcome);
    console.log(lineOf(outcome));
    if (outcome.findings.length === 0) await rm(home, { recursive: true, force: true });
    else tellFindings(outcome, options, home);
    if (!usable) break;
  }
  return outcomes;
}

function tellFindings({ seed, findings }: Outcome, { kafka }: Options, home: string): void {
  for (const { rule, what } of findings.slice(0, MOST_SHOWN)) console.error(`  ${rule}: ${what}`);
  if (findings.length > MOST_SHOWN) console.error(`  … and ${findings.length - MOST_SHOWN} more`);
  console.error(`  again: ${commandFor(seed, kafka)}\n  logs and journals: ${home}`);
}

process.exitCode = await main(readOptions(process.argv.slice(2)));
