import { LocalKafka } from '@loa/kafka';
import { LocalPostgres } from '@loa/local-postgres';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { countByKind, type FileResult } from './kinds.js';
import { closingLine, leftOut, resultsIn, type JestReport } from './report.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const bin = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--no-warnings', bin, '-c', join(root, 'jest.config.mjs')];
const asked = process.argv.slice(2);

/** Files that start brokers of their own and do not look first whether they can. */
const needBrokersOfTheirOwn = /^apps\/acceptance\/src\/distributed/;

/** `npm test [-- jest arguments]`: a real PostgreSQL and a real Kafka for the run, then Jest, then the sums. */
async function main(): Promise<number> {
  const mustRun = process.env['CI'] === 'true';
  const closing: (() => Promise<void>)[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'loa-test-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  try {
    const environment = { ...process.env };
    if (!environment['LOA_TEST_POSTGRES']) {
      // Durability is tested where it is the subject; everything else may be quick.
      const postgres = await LocalPostgres.start({ settings: { fsync: 'off', synchronous_commit: 'off' } });
      closing.push(() => postgres.close());
      environment['LOA_TEST_POSTGRES'] = postgres.adminUrl;
    }
    const state = await LocalKafka.available();
    if (state.available && !environment['KAFKA_BROKERS']) {
      const kafka = await LocalKafka.start();
      closing.push(() => kafka.stop());
      environment['KAFKA_BROKERS'] = kafka.brokers.join(',');
    }
    const without = state.available
      ? []
      : (await listed()).filter((path) => needBrokersOfTheirOwn.test(path));
    const { success, testResults } = await jest(join(folder, 'jest.json'), environment, without);
    const results = [...resultsIn({ testResults }, root), ...without.map((path) => leftOut(path, mustRun))];
    print(results);
    const whole = results.every(({ failed, skipped }) => failed + skipped === 0);
    if (!state.available && !whole) console.log(withoutKafka(state.why, mustRun));
    console.log(closingLine(results));
    return success && results.every(({ failed }) => failed === 0) ? 0 : 1;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

const withoutKafka = (why: string, mustRun: boolean): string =>
  `No Kafka: ${why}. What needs one ${mustRun ? 'fails, because CI=true' : 'is skipped; with KAFKA_BROKERS set, some of it runs'}.`;

/** The files that were asked for, relative to the repository. */
async function listed(): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--listTests', ...asked], {
    cwd: root,
  });
  return stdout.split('\n').flatMap((path) => (path ? [relative(root, path)] : []));
}

/** Runs what was asked for, less what is left out. */
async function jest(
  report: string,
  environment: NodeJS.ProcessEnv,
  without: readonly string[],
): Promise<JestReport> {
  const ignored = without.flatMap((path) => ['--testPathIgnorePatterns', path]);
  const nothingElse = without.length > 0 ? ['--passWithNoTests'] : [];
  const args = [...flags, ...ignored, ...nothingElse, '--json', `--outputFile=${report}`, ...asked];
  const code = await new Promise<number>((resolve, reject) => {
    // The report goes to the file; what people read comes on standard error.
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (ended) => resolve(ended ?? 1));
  });
  // Where there was nothing to run, Jest writes no report.
  const text = await readFile(report, 'utf8').catch(() => '{ "success": true, "testResults": [] }');
  const { success, testResults } = JSON.parse(text) as JestReport;
  return { success: success && code === 0, testResults };
}

function print(results: readonly FileResult[]): void {
  const kinds = countByKind(results);
  console.table(Object.fromEntries(kinds.map(({ kind, ...counts }) => [kind, counts])));
}

process.exitCode = await main();
