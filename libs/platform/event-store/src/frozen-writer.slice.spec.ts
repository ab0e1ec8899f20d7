import { eventually } from '@loa/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Append } from './appender.js';
import { openPostgresLog, type PostgresLog } from './testing/postgres-log.js';
import { wish } from './testing/wishes.js';
import type { WriterPlan, WriterWord } from './testing/writer-process.js';

const within = 40_000;
const script = fileURLToPath(new URL('./testing/writer-process.ts', import.meta.url));
const flags = ['--conditions=@loa/source', '--import', '@swc-node/register/esm-register'];

let log: PostgresLog;
let owner: pg.Client;
let writer: ChildProcess;
let words: WriterWord[];

beforeEach(async () => {
  log = await openPostgresLog();
  owner = new pg.Client(log.access.owner);
  await owner.connect();
});
afterEach(async () => {
  writer.kill('SIGKILL');
  await Promise.all([owner.end(), log.close()]);
});

function start(plan: Pick<WriterPlan, 'append' | 'inTransaction'>): void {
  const { NODE_ENV: _, ...env } = process.env;
  const argument = JSON.stringify({ ...plan, connectionString: log.access.runtime });
  writer = spawn(process.execPath, [...flags, script, argument], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  words = [];
  writer.on('message', (word) => words.push(word as WriterWord));
}
const says = (...expected: WriterWord[]) => eventually(() => expect(words).toEqual(expected), { within });
/** What the server says of the session of the writer to others of its role; undefined: there is none. */
async function session() {
  const { rows } = await log.logs[2]!.pool.query<{ state: string; waitsFor: string | null }>(
    `SELECT state, wait_event_type AS "waitsFor" FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'writer'`,
  );
  return rows[0];
}
const streams = async () => (await log.logs[1]!.read(0, 10)).map(({ streamId }) => streamId);

it('a writer is frozen in the middle of its append: others go on as soon as the server is done with it', async () => {
  const held = `number:${randomUUID()}`;
  const frozen: Append = wish({ claims: [held] });
  const next: Append = wish();
  // Its append has the lane and waits for this name, so there is a time to freeze it in.
  await owner.query('BEGIN');
  await owner.query('INSERT INTO es.claim (key, stream_id, position) VALUES ($1, $2, 1)', [
    held,
    randomUUID(),
  ]);
  start({ append: frozen, inTransaction: false });
  await eventually(async () => expect(await session()).toEqual({ state: 'active', waitsFor: 'Lock' }), {
    within,
  });
  writer.kill('SIGSTOP');
  const other = log.logs[0]!.append(next);
  await owner.query('ROLLBACK');

  expect(await other).toMatchObject({ status: 'appended', position: 2 });
  // Nobody had to end it: an append is one statement, and holds nothing while its writer is silent.
  expect(await session()).toMatchObject({ state: 'idle' });
  expect(words).toEqual([]);
  writer.kill('SIGCONT');
  await says('appended', 'duplicate');
  expect(await streams()).toEqual([frozen.streamId, next.streamId]);
});

it('one is frozen in a transaction that has the lane: the server ends it, others go on, and it learns of it', async () => {
  const frozen: Append = wish();
  const others = [wish(), wish()];
  start({ append: frozen, inTransaction: true });
  await says('has the lane');
  writer.kill('SIGSTOP');
  // They wait until the limit of an idle transaction is over, which is before any limit of theirs.
  const answers = await Promise.all(others.map((append, n) => log.logs[n]!.append(append)));
  expect(answers.map((answer) => 'position' in answer && answer.position).sort()).toEqual([1, 2]);
  expect(await session()).toBeUndefined();

  writer.kill('SIGCONT');
  writer.send('commit');
  await says('has the lane', 'not committed', 'appended', 'duplicate');
  const [last, ...before] = (await streams()).reverse();
  expect(last).toBe(frozen.streamId);
  expect(before.sort()).toEqual(others.map(({ streamId }) => streamId).sort());
});
