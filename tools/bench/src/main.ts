import type { Bench, Outcome } from './bench.js';
import { ProgramMissing } from './append/pgbench.js';
import { Closing } from './closing.js';
import { readOptions, type Options, type PartName } from './options.js';
import { partsOf } from './parts.js';
import { writeResults } from './report.js';
import { machine } from './system/environment.js';
import { drawn } from '@loa/terminal';

/** Of everything but the soak, on a machine that has other work too. */
const REST_WITHIN_MINUTES = 20;
/** That are soaked, one after the other. */
const SYSTEMS = 2;

/** `npm run bench`: how fast Loa is, beside the least that the same work can take on this machine at this minute. */
async function main(options: Options, closing: Closing): Promise<number> {
  const started = new Date();
  const seconds = () => ((Date.now() - started.getTime()) / 1_000).toFixed(0);
  const environment = machine();
  console.log(sentence(environment));
  const outcomes: Outcome[] = [];
  const bench: Bench = {
    quick: options.quick,
    soakMinutes: options.soakMinutes,
    closing,
    step: (text) => console.log(`… ${text} (${seconds()} s)`),
    tell: (outcome) => {
      outcomes.push(outcome);
      console.log(`\n${drawn(outcome.table)}\n`);
    },
  };
  const parts = partsOf(bench);
  const failed: { part: PartName; error: string }[] = [];
  for (const part of options.parts) {
    if (closing.begun) return 130;
    await parts[part]().catch((error: unknown) => {
      failed.push({ part, error: error instanceof Error ? error.message : String(error) });
      if (!closing.begun)
        console.error(`${part} failed:`, error instanceof ProgramMissing ? error.message : error);
    });
  }
  if (closing.begun) return 130;
  const measured = outcomes.map(({ table: _table, ...outcome }) => outcome);
  const path = await writeResults({ quick: options.quick, environment, measured, failed }, started);
  console.log(`after ${seconds()} s, written to ${path}`);
  return failed.length === 0 ? 0 : 1;
}

const sentence = ({ cpu, cores, memoryGiB, node, load }: ReturnType<typeof machine>) =>
  `${cpu} × ${cores}, ${memoryGiB} GiB, Node ${node}; load ${load.toFixed(1)} before the first measurement`;

/** However it ends, nothing that we started stays. */
async function toTheEnd(): Promise<void> {
  const closing = new Closing();
  let ending: Promise<never> | undefined;
  const end = (code: number): Promise<never> => (ending ??= closing.close().then(() => process.exit(code)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(130));
  // What nobody waits for any more, such as a call that fails while everything is being ended.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      if (!closing.begun) console.error(error);
      void end(1);
    });
  }
  const options = readOptions(process.argv.slice(2));
  const late = setTimeout(
    () => {
      console.error('not done in time');
      void end(1);
    },
    (REST_WITHIN_MINUTES + SYSTEMS * options.soakMinutes) * 60_000,
  );
  const code = await main(options, closing).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  });
  clearTimeout(late);
  await end(code);
}

await toTheEnd().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
