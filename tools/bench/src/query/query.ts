import type { StandaloneProcess } from '@loa/outside';
import type { Bench } from '../bench.js';
import { comparisonTable } from '../report.js';
import { contend, type Contestant } from '../rounds.js';
import { cpuOf, cpuOfFamily, withCpu } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import { postgresSettings } from '../system/environment.js';
import { Worker } from '../system/worker.js';
import { asTheGateway, bodyOf, graphqlAnswer, sqlOf } from './asked.js';
import { differences } from './differences.js';
import { documents } from './documents.js';
import type { FloorCall } from './floor-worker.js';
import { ask, type Target } from './load.js';
import type { Statement } from './statements.js';

const CONNECTIONS = [1, 8];
const SECONDS = 1;
const ROUNDS = 3;

interface Asked extends Contestant {
  /** Code is compiled and statements are prepared. */
  warmUp(): Promise<unknown>;
}

const heading = {
  title: 'GraphQL over HTTP (the seeded world, everything in one process)',
  unit: 'req',
  cpuUnit: 'ms',
  notes: [
    'Floor: node:http and pg in a process of its own; the SQL the gateway was seen to send, prepared; its JSON text as it came.',
    'Both were seen to answer with the same data. The number behind a question: connections.',
  ],
} as const;

/** What the gateway adds to a question: GraphQL over HTTP beside the bare SQL over HTTP. */
export async function queryPart(bench: Bench, standalone: StandaloneProcess): Promise<void> {
  bench.step('the same SQL from the gateway and from a bare server');
  const graphql = `${standalone.url}/graphql`;
  const questions: Statement[][] = [];
  for (const document of documents) questions.push(await sqlOf(document, graphql, standalone));
  const floor = await bench.closing.hold(
    () => Worker.start('floor-worker', import.meta.url),
    (worker) => worker.end(),
  );
  const connectionString = await asTheGateway(standalone);
  const floorUrl = await floor.call<string>('serve', { connectionString, questions } satisfies FloorCall);
  await compare(graphql, floorUrl);

  const { pid } = await standalone.postmaster();
  const contestant = (name: string, server: number, target: Target, connections: number): Asked => ({
    name,
    warmUp: () => ask(target, connections, SECONDS / 3),
    run: () =>
      withCpu(() => ask(target, connections, SECONDS), {
        process: () => cpuOf(server),
        postgres: () => cpuOfFamily(pid),
      }),
  });
  const contests = documents.flatMap((document, index) =>
    CONNECTIONS.map((connections): [Asked, Asked] => {
      const ours = { url: graphql, body: bodyOf(document), begins: '{"data":' };
      const bare = { url: `${floorUrl}/${index}`, begins: '' };
      return [
        contestant('same SQL, bare', floor.pid, bare, connections),
        contestant(`${document.name}, ${connections}`, standalone.pid, ours, connections),
      ];
    }),
  );
  for (const asked of contests.flat()) await asked.warmUp();
  bench.step(`${documents.length} questions with ${CONNECTIONS.join(' and ')} connections`);
  const measured = await contend(contests, bench.quick ? 1 : ROUNDS);
  const settings = await inDatabase(connectionString, postgresSettings);
  bench.tell({ name: 'query', table: comparisonTable(heading, measured), measured, settings });
  await floor.end();
}

/** A floor that answers something else would be no floor. @throws when the data differ */
async function compare(url: string, floorUrl: string): Promise<void> {
  for (const [index, document] of documents.entries()) {
    const answer = await graphqlAnswer(url, document);
    const bare = (await (await fetch(`${floorUrl}/${index}`)).json()) as never;
    const found = differences(answer, document.told(bare));
    if (found.length > 0) {
      throw new Error(`${document.name}: the gateway and its SQL differ: ${found.slice(0, 5).join('; ')}`);
    }
  }
}
