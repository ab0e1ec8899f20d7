import { LocalKafka } from '@loa/kafka';
import { LocalPostgres } from '@loa/local-postgres';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countByKind, type FileResult } from './kinds.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

interface JestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** `npm test [-- jest arguments]`: a real PostgreSQL and a real Kafka for the run, then Jest, then the sums. */
async function main(): Promise<number> {
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
    if (!environment['KAFKA_BROKERS']) {
      const brokers = await startKafka(closing);
      if (brokers) environment['KAFKA_BROKERS'] = brokers;
      else if (environment['CI'] === 'true') return 1;
    }
    const report = join(folder, 'jest.json');
    const code = await jest(report, environment, (await LocalKafka.available()).available);
    return printed(JSON.parse(await readFile(report, 'utf8')) as JestReport) && code === 0 ? 0 : 1;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function startKafka(closing: (() => Promise<void>)[]): Promise<string | undefined> {
  const state = await LocalKafka.available();
  if (!state.available) {
    console.error(
      `No Kafka: ${state.why}\nThe Kafka suites are left out. Set KAFKA_BROKERS, or install a JDK (17 or newer) and Maven.`,
    );
    return undefined;
  }
  const kafka = await LocalKafka.start();
  closing.push(() => kafka.stop());
  return kafka.brokers.join(',');
}

function jest(report: string, environment: NodeJS.ProcessEnv, ownBrokers: boolean): Promise<number> {
  const bin = createRequire(import.meta.url).resolve('jest/bin/jest');
  const flags = ['--experimental-vm-modules', '--no-warnings', bin, '-c', join(root, 'jest.config.mjs')];
  // These start brokers of their own, which KAFKA_BROKERS cannot replace.
  const leftOut = ownBrokers ? [] : ['apps/acceptance/src/distributed', 'tools/kafka/src/local-kafka'];
  const ignored = leftOut.flatMap((path) => ['--testPathIgnorePatterns', path]);
  const args = [...flags, ...ignored, '--json', `--outputFile=${report}`, ...process.argv.slice(2)];
  return new Promise((resolve, reject) => {
    // The report goes to the file; what people read comes on standard error.
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function printed({ testResults, success }: JestReport): boolean {
  const results = testResults.map(({ name, status, assertionResults }): FileResult => {
    const count = (...wanted: string[]) =>
      assertionResults.filter((test) => wanted.includes(test.status)).length;
    const failed = count('failed');
    return {
      path: relative(root, name),
      passed: count('passed'),
      // A file that could not even run has no tests to count, and must not look like a success.
      failed: failed === 0 && status === 'failed' ? 1 : failed,
      skipped: count('pending', 'skipped', 'todo', 'disabled'),
    };
  });
  const kinds = countByKind(results);
  console.table(Object.fromEntries(kinds.map(({ kind, ...counts }) => [kind, counts])));
  const total = (pick: (file: FileResult) => number) => results.reduce((sum, file) => sum + pick(file), 0);
  const failed = total((file) => file.failed);
  console.log(
    `Tests: ${total((file) => file.passed)} passed, ${failed} failed, ${total((file) => file.skipped)} skipped`,
  );
  return success && failed === 0;
}

process.exitCode = await main();
