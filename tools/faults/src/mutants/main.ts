import { LocalKafka } from '@loa/kafka';
import { LocalPostgres } from '@loa/local-postgres';
import { drawn } from '@loa/terminal';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Copy } from './copy.js';
import { applied, nameOfSuite, type Mutant, type Suite } from './mutant.js';
import { mutants } from './mutants.js';
import { endSuite, runSuite, unknownNames, type Verdict } from './run-suite.js';

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopping = true;
    endSuite();
  });
}

/**
 * `npm run mutants [-- part of a name, or of its suite]`: takes out one promise after the other, in a copy, and sees who
 * notices. Ctrl-C ends it with what was seen until then.
 */
async function main(part: string): Promise<number> {
  const wanted = mutants.filter(
    ({ name, killedBy }) => name.includes(part) || nameOfSuite(killedBy).includes(part),
  );
  const copy = await Copy.make();
  const postgres = await LocalPostgres.start({ settings: { fsync: 'off', synchronous_commit: 'off' } });
  const kafka = wanted.some(({ killedBy }) => 'jest' in killedBy && killedBy.kafka)
    ? await LocalKafka.start()
    : undefined;
  const environment = {
    ...process.env,
    LOA_TEST_POSTGRES: postgres.adminUrl,
    ...(kafka && { KAFKA_BROKERS: kafka.brokers.join(',') }),
  };
  try {
    const green = await greenSuites(copy, wanted, environment);
    const rows: string[][] = [];
    for (const mutant of wanted) {
      const verdict = green.has(nameOfSuite(mutant.killedBy))
        ? await tried(copy, mutant, environment)
        : redAnyway;
      if (stopping) break;
      const word = words[verdict.is];
      console.log(`${word}: ${mutant.name} (${nameOfSuite(mutant.killedBy)}; ${verdict.why})`);
      rows.push([mutant.name, word, nameOfSuite(mutant.killedBy), verdict.why]);
    }
    console.log(`\n${drawn({ title: 'Mutants', columns: ['without', 'result', 'by', 'seen'], rows })}\n`);
    const alive = rows.filter(([, word]) => word !== words.red && word !== words.stuck);
    console.log(`${rows.length - alive.length} of ${rows.length} were killed`);
    return alive.length === 0 && !stopping ? 0 : 1;
  } finally {
    await Promise.all([postgres.close(), kafka?.stop(), copy.remove()]);
  }
}

const words: Readonly<Record<Verdict['is'], string>> = {
  red: 'killed',
  stuck: 'killed, it hung',
  green: 'SURVIVED',
  'cannot run': 'CANNOT RUN',
};

/** A suite that is red without any mutant would kill every one. */
const redAnyway: Verdict = { is: 'cannot run', why: 'its suite is not green without any mutant' };

/** The names of the suites that are green without any mutant. */
async function greenSuites(
  copy: Copy,
  wanted: readonly Mutant[],
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlySet<string>> {
  const suites = new Map<string, Suite>(wanted.map(({ killedBy }) => [nameOfSuite(killedBy), killedBy]));
  const green = new Set<string>();
  for (const [name, suite] of suites) {
    if (stopping) break;
    const { is, why } = await runSuite(copy.folder, suite, environment);
    console.log(`without any mutant ${is}: ${name} (${why})`);
    if (is === 'green') green.add(name);
  }
  return green;
}

/** What its suite says of the copy with the mutant in it. The copy is as it was afterwards. */
async function tried(
  copy: Copy,
  { edits, killedBy }: Mutant,
  environment: NodeJS.ProcessEnv,
): Promise<Verdict> {
  const before = new Map<string, string>();
  for (const { file } of edits) before.set(file, await readFile(join(copy.folder, file), 'utf8'));
  try {
    const after = new Map(before);
    for (const edit of edits) after.set(edit.file, applied(after.get(edit.file)!, edit));
    for (const [file, text] of after) await writeFile(join(copy.folder, file), text);
    const unknown = await unknownNames(copy.folder, [...after.keys()]);
    if (unknown !== undefined) return { is: 'cannot run', why: unknown };
    return await runSuite(copy.folder, killedBy, environment);
  } finally {
    for (const [file, text] of before) await writeFile(join(copy.folder, file), text);
  }
}

process.exitCode = await main(process.argv[2] ?? '');
