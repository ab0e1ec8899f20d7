import { migrate, openPool, type DatabaseAccess } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { chained, chainStart, hashOf } from './leaf.js';
import { GrowingTree } from './merkle.js';
import { EventProof, RootExport, checkProof, exportRoot, proveEvent } from './proof.js';
import { Sealer } from './sealer.js';
import { Seals1700000004000 } from './seals.migration.js';
import { verifyLog } from './verify.js';

const schema = { migrations: [...eventStoreMigrations, Seals1700000004000] };
let access: DatabaseAccess;
let store: EventStore;
/** Somebody with the keys of the house. */
let intruder: pg.Client;
let sealers: Sealer[] = [];
const failures: unknown[] = [];

const startSealer = (): Sealer => {
  const sealer = Sealer.start({ store, paceMs: 10, onError: (error) => failures.push(error) });
  sealers.push(sealer);
  return sealer;
};

async function append(count: number, streamId = randomUUID()): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => ({
    eventId: randomUUID(),
    type: 'testing.Counted',
    schemaVersion: 1,
    data: JSON.stringify({ n, chữ: 'đã đếm' }),
    meta: '{"at":"2022-04-18T01:00:00.000Z"}',
  }));
  await store.append({ streamId, expected: 'any', events });
}

const sealedTo = async (): Promise<number> => (await exportRoot('testing', store))?.size ?? 0;
const allSealed = () => eventually(async () => expect(await sealedTo()).toBe(await store.head()));
const tamper = async (sql: string, values: unknown[] = []): Promise<void> => {
  await intruder.query(`BEGIN; SET LOCAL session_replication_role = replica`);
  await intruder.query(sql, values);
  await intruder.query('COMMIT');
};

beforeEach(async () => {
  access = await freshDatabase('seals', schema);
  store = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'seals' }));
  const admin = new URL(process.env['LOA_TEST_POSTGRES']!);
  admin.pathname = new URL(access.runtime).pathname;
  intruder = new pg.Client({ connectionString: admin.toString() });
  await intruder.connect();
  failures.length = 0;
});

afterEach(async () => {
  await Promise.all(sealers.map((sealer) => sealer.close()));
  sealers = [];
  await intruder.end();
  await store.close();
});

/** Twelve events of three streams, sealed. */
async function sealedLog(): Promise<void> {
  const sealer = startSealer();
  for (const count of [3, 5, 4]) await append(count);
  await allSealed();
  await sealer.close();
}

describe('sealing', () => {
  it('takes in everything that was appended before and while it runs, once', async () => {
    await append(1_500);
    const sealer = startSealer();
    await append(700);
    await allSealed();
    expect(sealer.counters).toMatchObject({ position: 2_200, events: 2_200 });
    expect(await verifyLog(store)).toMatchObject({ finding: undefined, events: 2_200, sealed: 2_200 });
    expect(failures).toEqual([]);
  });

  it('goes on where another left off, and two at once make one chain', async () => {
    await sealedLog();
    startSealer();
    startSealer();
    for (let round = 0; round < 20; round += 1) await append(3);
    await allSealed();
    expect(await verifyLog(store)).toMatchObject({ finding: undefined, events: 72, sealed: 72 });
    expect(failures).toEqual([]);
  });

  it('is never in the way of an append', async () => {
    startSealer();
    await intruder.query('BEGIN; LOCK TABLE es.leaf, es.seal IN ACCESS EXCLUSIVE MODE');
    await append(3);
    await append(3);
    await intruder.query('ROLLBACK');
    await allSealed();
  });

  it('stops before a hole and says what to do', async () => {
    await append(4);
    await tamper('DELETE FROM es.event WHERE position = 2');
    const sealer = startSealer();
    await eventually(() => expect(String(failures[0])).toContain('the log goes from position 1 to 3'));
    expect(String(failures[0])).toContain('loa verify');
    expect(sealer.healthy()).toBe(false);
    expect(await sealedTo()).toBe(0);
  });

  it('may add seals, and change or take away none', async () => {
    await sealedLog();
    await verifyLog(store);
    for (const table of ['es.leaf', 'es.seal', 'es.verification']) {
      await expect(store.pool.query(`DELETE FROM ${table}`)).rejects.toThrow('permission denied');
      await expect(store.pool.query(`TRUNCATE ${table}`)).rejects.toThrow('permission denied');
      await expect(intruder.query(`DELETE FROM ${table}`)).rejects.toThrow(`${table} is append-only`);
      await expect(intruder.query(`TRUNCATE ${table}`)).rejects.toThrow(`${table} is append-only`);
    }
    expect(await migrate(access.owner, schema)).toEqual([]);
  });
});

describe('verifying names the first event that', () => {
  beforeEach(sealedLog);
  const finding = async () => (await verifyLog(store)).finding;

  it('was altered: in its data, its time, its place in the stream', async () => {
    await tamper(`UPDATE es.event SET data = '{"n":99}' WHERE position = 6`);
    expect(await finding()).toMatchObject({ kind: 'altered', position: 6, type: 'testing.Counted' });
    await tamper(`UPDATE es.event SET recorded_at = recorded_at - interval '1 day' WHERE position = 4`);
    expect(await finding()).toMatchObject({ kind: 'altered', position: 4 });
    await tamper(`UPDATE es.event SET version = 9 WHERE position = 3`);
    expect(await finding()).toMatchObject({ kind: 'altered', position: 3 });
    // The same JSON in other bytes is another event, too.
    await tamper(`UPDATE es.event SET data = (data::text || ' ')::json WHERE position = 2`);
    expect(await finding()).toMatchObject({ kind: 'altered', position: 2 });
  });

  it('was altered, and keeps a record of each time it looked', async () => {
    await verifyLog(store);
    await tamper(`UPDATE es.event SET type = 'testing.Other' WHERE position = 6`);
    await verifyLog(store);
    const { rows } = await store.pool.query(
      `SELECT events::int, finding ->> 'kind' AS kind FROM es.verification ORDER BY id`,
    );
    expect(rows).toEqual([
      { events: 12, kind: null },
      { events: 5, kind: 'altered' },
    ]);
  });

  it('is missing', async () => {
    const [gone] = await store.read(6, 1);
    await tamper('DELETE FROM es.event WHERE position = 7');
    expect(await finding()).toMatchObject({ kind: 'missing', position: 7, eventId: gone!.eventId });
  });

  it('is missing, though the others were moved up', async () => {
    const [gone] = await store.read(6, 1);
    await tamper('DELETE FROM es.event WHERE position = 7');
    await tamper('UPDATE es.event SET position = -position + 1 WHERE position > 7');
    await tamper('UPDATE es.event SET position = -position WHERE position < 0');
    await tamper('UPDATE es.lane SET head = head - 1');
    expect(await finding()).toMatchObject({ kind: 'missing', position: 7, eventId: gone!.eventId });
  });

  it('is missing at the end', async () => {
    await tamper('DELETE FROM es.event WHERE position > 10');
    await tamper('UPDATE es.lane SET head = 10');
    expect(await finding()).toMatchObject({ kind: 'missing', position: 11 });
  });

  const insert = (position: number, id: string) =>
    tamper(
      `INSERT INTO es.event (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
       VALUES ($1, 1, $2, $3, 'testing.Counted', 1, '{}', '{}', now())`,
      [randomUUID(), position, id],
    );

  it('was inserted: in place of another, past the end, before the start', async () => {
    const id = randomUUID();
    await tamper('DELETE FROM es.event WHERE position = 8');
    await insert(8, id);
    expect(await finding()).toMatchObject({ kind: 'inserted', position: 8, eventId: id });
    await tamper('DELETE FROM es.event WHERE position >= 8');
    await tamper('DELETE FROM es.leaf WHERE position >= 8');
    await tamper('DELETE FROM es.seal WHERE size >= 8');
    await tamper('UPDATE es.lane SET head = 7');
    await tamper('DELETE FROM es.leaf WHERE position > (SELECT coalesce(max(size), 0) FROM es.seal)');
    expect(await finding()).toBeUndefined();
    await insert(9, id);
    expect(await finding()).toMatchObject({ kind: 'inserted', position: 9, eventId: id });
    await insert(0, randomUUID());
    expect(await finding()).toMatchObject({ kind: 'inserted', position: 0 });
  });

  it('was inserted, and the others were moved down', async () => {
    const id = randomUUID();
    await tamper('UPDATE es.event SET position = -position - 1 WHERE position > 6');
    await tamper('UPDATE es.event SET position = -position WHERE position < 0');
    await insert(7, id);
    await tamper('UPDATE es.lane SET head = head + 1');
    expect(await finding()).toMatchObject({ kind: 'inserted', position: 7, eventId: id });
  });

  it('has a changed seal', async () => {
    await tamper(`UPDATE es.seal SET root = sha256('else') WHERE size = 12`);
    expect(await finding()).toMatchObject({ kind: 'unsealed', position: 12 });
    await tamper('DELETE FROM es.leaf WHERE position = 5');
    expect(await finding()).toMatchObject({ kind: 'unsealed', position: 5 });
  });

  it('lost its seal', async () => {
    await tamper('DELETE FROM es.seal');
    expect(await finding()).toMatchObject({ kind: 'unsealed', position: 1 });
  });

  it('was altered together with all seals: by a root that was exported before', async () => {
    const root = (await exportRoot('testing', store))!;
    expect(RootExport.parse(JSON.parse(JSON.stringify(root)))).toEqual(root);
    await tamper(`UPDATE es.event SET data = '{"n":99}' WHERE position = 6`);
    await sealAnew();
    expect(await finding()).toBeUndefined();
    const { finding: found } = await verifyLog(store, { exported: [root] });
    expect(found).toMatchObject({ kind: 'other-root', position: 12 });
    expect(found!.detail).toContain(root.sealedAt);
    // Without the root nothing of it can be seen, and it is not forgotten; not even by asking often.
    for (const _ of [1, 2]) expect(await finding()).toEqual(found);
    const accepted = (await exportRoot('testing', store))!;
    expect((await verifyLog(store, { exported: [accepted] })).finding).toBeUndefined();
    expect(await finding()).toBeUndefined();
  });

  it('is missing though its seals are gone with it: by a root that was exported before', async () => {
    const root = (await exportRoot('testing', store))!;
    await tamper('DELETE FROM es.event WHERE position > 10');
    await tamper('UPDATE es.lane SET head = 10');
    await sealAnew();
    expect(await finding()).toBeUndefined();
    const { finding: found } = await verifyLog(store, { exported: [root] });
    expect(found).toMatchObject({ kind: 'missing', position: 11 });
    expect(found!.detail).toContain(
      `the root exported at ${root.sealedAt} is of 12 events, and there are 10`,
    );
    expect(await finding()).toEqual(found);
  });

  it('nothing is wrong with, while more is appended', async () => {
    startSealer();
    const work = Array.from({ length: 30 }, () => append(20));
    for (let round = 0; round < 3; round += 1) expect(await finding()).toBeUndefined();
    await Promise.all(work);
    await allSealed();
    expect(await verifyLog(store)).toMatchObject({ finding: undefined, events: 612, sealed: 612 });
  });
});

/** What an intruder who knows how would do. */
async function sealAnew(): Promise<void> {
  const tree = new GrowingTree();
  let chain = chainStart;
  await tamper('TRUNCATE es.leaf, es.seal');
  for (const event of await store.read(0, 1_000)) {
    const leaf = hashOf(event);
    tree.add(leaf);
    chain = chained(chain, leaf);
    await tamper('INSERT INTO es.leaf VALUES ($1, $2, $3)', [event.position, event.eventId, leaf]);
  }
  await tamper('INSERT INTO es.seal (size, root, chain, frontier) VALUES ($1, $2, $3, $4)', [
    tree.size,
    tree.root,
    chain,
    tree.frontier,
  ]);
}

describe('a proof of one event', () => {
  it('is checked without the database, and fails for anything else', async () => {
    await sealedLog();
    const proof = EventProof.parse(JSON.parse(JSON.stringify(await proveEvent('testing', store, 5))));
    expect(checkProof(proof)).toBeUndefined();
    expect(checkProof(proof, proof.root)).toBeUndefined();
    const altered = { ...proof, event: { ...proof.event, data: '{"n":99}' } };
    expect(checkProof(altered)).toContain('event 5 is not among the 12 events of this root');
    expect(checkProof({ ...proof, path: proof.path.slice(1) })).toContain('does not fit position 5 of 12');
    expect(checkProof(proof, { ...proof.root, root: 'f'.repeat(64) })).toContain(
      'not about the trusted root',
    );
  });

  it('is not given for what is not sealed', async () => {
    await append(2);
    expect(await proveEvent('testing', store, 1)).toBeUndefined();
    expect(await exportRoot('testing', store)).toBeUndefined();
    await sealedLog();
    expect(await proveEvent('testing', store, 99)).toBeUndefined();
    expect(await proveEvent('testing', store, 0)).toBeUndefined();
  });
});
