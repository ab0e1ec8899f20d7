import type { StandaloneProcess } from '@loa/outside';
import type { Bench } from '../bench.js';
import { asTheGateway, sqlOf } from '../query/asked.js';
import { documents } from '../query/documents.js';
import type { FloorCall } from '../query/floor-worker.js';
import { ask } from '../query/load.js';
import type { Statement } from '../query/statements.js';
import { comparisonTable } from '../report.js';
import { contend, type Contest, type Contestant } from '../rounds.js';
import { cpuOf, cpuOfFamily, withCpu } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import { postgresSettings } from '../system/environment.js';
import { Worker } from '../system/worker.js';
import { copyReadTables, dropCopies, hoursAfter, LONG, SHORT } from './long-history.sql.js';
import { asOf, asOfQuestion, over } from './standpoints.js';

const SECONDS = 1;

/** One question over the short history, over the long one, and as of an instant in the middle of the long one. */
interface Standpoints {
  readonly name: string;
  readonly short: readonly Statement[];
  readonly long: readonly Statement[];
  readonly past: readonly Statement[];
}

const headingOf = (changes: number) =>
  ({
    title: `Questions over rows that changed ${changes} times, and over rows that never did`,
    unit: 'req',
    cpuUnit: 'ms',
    notes: [
      'Both: the SQL the gateway was seen to send, prepared, from a bare node:http server, over copies of the read tables.',
      'The floor has the same rows and empty histories; both were seen to give the same answer. as of: for information.',
    ],
  }) as const;

/** Whether a question about what is pays for what was. */
export async function historyPart(bench: Bench, standalone: StandaloneProcess): Promise<void> {
  const changes = bench.quick ? 10 : 100;
  bench.step(`two copies of the read tables, one with ${changes} states of every row`);
  const since = new Date();
  const connectionString = await asTheGateway(standalone);
  const asked: Standpoints[] = [];
  for (const document of documents) asked.push(await standpointsOf(document, standalone, since, changes));
  await inDatabase(connectionString, (client) => copyReadTables(client, changes, since));
  const server = await bench.closing.hold(
    () => Worker.start('../query/floor-worker', import.meta.url),
    (worker) => worker.end(),
  );
  const questions = asked.flatMap(({ short, long, past }) => [short, long, past]);
  const url = await server.call<string>('serve', { connectionString, questions } satisfies FloorCall);
  for (const [index, { name }] of asked.entries()) await assertSame(name, url, index * 3);

  const { pid } = await standalone.postmaster();
  const contestant = (name: string, question: number): Contestant => ({
    name,
    run: () =>
      withCpu(() => ask({ url: `${url}/${question}`, begins: '' }, 1, SECONDS), {
        process: () => cpuOf(server.pid),
        postgres: () => cpuOfFamily(pid),
      }),
  });
  const contests = asked.map(({ name }, index): Contest => [
    contestant('without history', index * 3),
    contestant(name, index * 3 + 1),
    contestant(`${name}, as of`, index * 3 + 2),
  ]);
  bench.step(`${asked.length} questions, each beside the same one without history`);
  for (const one of contests.flat()) await one.run();
  const measured = await contend(contests, bench.quick ? 1 : 3);
  const settings = await inDatabase(connectionString, postgresSettings);
  bench.tell({ name: 'history', table: comparisonTable(headingOf(changes), measured), measured, settings });
  await server.end();
  await inDatabase(connectionString, dropCopies);
}

async function standpointsOf(
  document: (typeof documents)[number],
  standalone: StandaloneProcess,
  since: Date,
  changes: number,
): Promise<Standpoints> {
  const graphql = `${standalone.url}/graphql`;
  const now = await sqlOf(document, graphql, standalone);
  const seen = since.toISOString();
  const past = await sqlOf(asOfQuestion(document, seen), graphql, standalone);
  const middle = hoursAfter(since, Math.floor(changes / 2) + 0.5);
  return {
    name: document.name,
    short: over(SHORT, now),
    long: over(LONG, now),
    past: over(LONG, asOf(middle, seen, past)),
  };
}

/** @throws when the three answers differ: all states of a row are alike here */
async function assertSame(name: string, url: string, first: number): Promise<void> {
  const answers = await Promise.all(
    [0, 1, 2].map(async (offset) => (await fetch(`${url}/${first + offset}`)).text()),
  );
  if (new Set(answers).size !== 1) throw new Error(`${name}: the answer depends on the history`);
}
