import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { scheduleOf, type KafkaKind, type Schedule } from '../schedule/schedule.js';
import type { Suite } from './mutant.js';

/** What a suite said. `red`: a promise is broken; `stuck`: it did not come to an end; `cannot run`: nothing is known. */
export interface Verdict {
  readonly is: 'green' | 'red' | 'stuck' | 'cannot run';
  readonly why: string;
}

const WITHIN_MS = 300_000;
const SEEDS = 2;
const LONGEST_WHY = 110;

/** @param folder of the tree; what it was built into is brought up to date @param environment with the servers for Jest */
export function runSuite(folder: string, suite: Suite, environment: NodeJS.ProcessEnv): Promise<Verdict> {
  return 'jest' in suite ? jest(folder, suite.jest, environment) : faults(folder, suite);
}

/** Errors of TypeScript about names and members that do not exist. */
const UNKNOWN_NAME = /error TS(2304|2339|2551|2552|18004):/;

/**
 * A mutant that names what is not there would be noticed by any suite, whatever it holds the program to.
 * @param files of a copy
 * @returns the first such error
 */
export async function unknownNames(folder: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const project = file.slice(0, file.indexOf('/src/'));
    const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
    const { out } = await run(folder, [tsc, '--noEmit', '-p', project], process.env);
    const error = out.split('\n').find((line) => line.startsWith(file) && UNKNOWN_NAME.test(line));
    if (error !== undefined) return error;
  }
  return undefined;
}

async function jest(
  folder: string,
  paths: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Verdict> {
  const report = join(folder, 'jest.json');
  await rm(report, { force: true });
  const bin = join('node_modules', 'jest', 'bin', 'jest.js');
  const { code, out } = await run(
    folder,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      bin,
      '-c',
      'jest.config.mjs',
      '--forceExit',
      '--json',
      `--outputFile=${report}`,
      ...paths,
    ],
    environment,
  );
  if (code === undefined) return { is: 'stuck', why: `no end within ${WITHIN_MS / 1_000} s` };
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return { is: 'cannot run', why: out.slice(-500) };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(text) as JestReport;
  if (numFailedTests === 0) {
    if (code === 0 && numPassedTests > 0) return { is: 'green', why: `${numPassedTests} tests` };
    return {
      is: 'cannot run',
      why: testResults
        .map(({ message }) => message)
        .join()
        .slice(0, 500),
    };
  }
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  const share = `${numFailedTests} of ${numFailedTests + numPassedTests}`;
  return { is: 'red', why: `${share}: ${failed?.fullName ?? ''}`.slice(0, LONGEST_WHY) };
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

async function faults(folder: string, suite: Extract<Suite, { faults: unknown }>): Promise<Verdict> {
  const built = await run(
    folder,
    [join('node_modules', 'typescript', 'bin', 'tsc'), '-b', 'tools/faults'],
    process.env,
  );
  if (built.code !== 0) return { is: 'cannot run', why: built.out.slice(0, 500) };
  const main = join('tools', 'faults', 'dist', 'main.js');
  const seeds = seedsWith(suite.faults, suite.kafka);
  for (const seed of seeds) {
    const { code, out } = await run(
      folder,
      ['--enable-source-maps', main, '--from', String(seed), '--seeds', '1', '--kafka', suite.kafka],
      process.env,
    );
    if (code === undefined) return { is: 'stuck', why: `seed ${seed}: no end within ${WITHIN_MS / 1_000} s` };
    const line = out.split('\n').find((one) => one.startsWith(`seed ${seed}: `));
    if (line === undefined) return { is: 'cannot run', why: out.slice(-500) };
    if (line.includes('FINDINGS')) {
      const [, kept] = /logs and journals: (.+)\/seed-/.exec(out) ?? [];
      if (kept !== undefined) await rm(kept, { recursive: true, force: true });
      // A finding is told in a line that begins with two blanks.
      const first = out.split('\n').find((one) => /^ {2}\S/.test(one)) ?? '';
      return { is: 'red', why: `seed ${seed}: ${first.trim()}`.slice(0, LONGEST_WHY) };
    }
  }
  return { is: 'green', why: `seeds ${seeds.join(', ')}` };
}

/** The first seeds in which something happens. */
function seedsWith(what: string, kafka: KafkaKind): number[] {
  const found: number[] = [];
  for (let seed = 1; found.length < SEEDS; seed += 1) {
    if (happens(what, scheduleOf(seed, kafka))) found.push(seed);
  }
  return found;
}

function happens(what: string, { faults: planned, failures, load }: Schedule): boolean {
  // What cannot be applied would hide what was applied wrongly, and what is published again mends what was not sent.
  if (load.poison.always > 0 || planned.some(({ kind }) => kind === 'publish again')) return false;
  return (
    planned.some(({ kind }) => kind === what) ||
    Object.values(failures).some(
      ([first]) => first?.name === what && first.action === 'kill' && first.at < 12,
    )
  );
}

let underWay: ChildProcess | undefined;

/** Ends the suite under way; what it says then means nothing. */
export function endSuite(): void {
  underWay?.kill('SIGTERM');
}

/** @returns `code` undefined when it had to be ended */
async function run(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | undefined; out: string }> {
  const child = spawn(process.execPath, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  underWay = child;
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (out += text.toString()));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 60_000).unref();
  }, WITHIN_MS);
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? 1)));
  clearTimeout(timer);
  return { code: late ? undefined : code, out };
}
