import { openPool, type DatabaseAccess } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { Sealer, Seals1700000004000, verifyLog } from '@loa/seals';
import { eventually, freshDatabase } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { exposition } from './exposition.js';
import { Metrics } from './metrics.js';
import { watchSeals } from './watched.js';

const schema = { migrations: [...eventStoreMigrations, Seals1700000004000] };
let access: DatabaseAccess;
let store: EventStore;
let metrics: Metrics;

beforeEach(async () => {
  access = await freshDatabase('watched_seals', schema);
  store = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'watch-seals.spec' }));
  metrics = new Metrics();
  watchSeals(metrics, 'testing', store.pool);
});
afterEach(() => store.close());

/** Exactly what is told: a question that fails leaves its figure out, and a figure left out is no alarm. */
const told = async () => {
  const { samples } = exposition(await metrics.text());
  return samples.filter(({ name }) => name.startsWith('audit_chain_'));
};
const figures = (sealed: number, failures: number) => [
  { name: 'audit_chain_last_sealed_position', labels: { context: 'testing' }, value: sealed },
  { name: 'audit_chain_verification_failures_total', labels: { context: 'testing' }, value: failures },
];

async function append(count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => ({
    eventId: randomUUID(),
    type: 'testing.Counted',
    schemaVersion: 1,
    data: JSON.stringify({ n }),
    meta: '{"at":"2022-04-18T01:00:00.000Z"}',
  }));
  await store.append({ streamId: randomUUID(), expected: 0, events });
}

async function seal(): Promise<void> {
  const failures: unknown[] = [];
  const sealer = Sealer.start({ store, paceMs: 10, onError: (error) => failures.push(error) });
  const head = await store.head();
  await eventually(() => expect([sealer.counters.position, failures]).toEqual([head, []]));
  await sealer.close();
}

/** The owner of the log may do what its users may not. */
async function alter(position: number): Promise<void> {
  const owner = new pg.Client({ connectionString: access.owner });
  await owner.connect();
  await owner.query('ALTER TABLE es.event DISABLE TRIGGER append_only');
  await owner.query(`UPDATE es.event SET data = '{"n":99}' WHERE position = $1`, [position]);
  await owner.end();
}

it('a log that nobody has sealed or looked at yet: two zeros, not nothing', async () => {
  expect(await told()).toEqual(figures(0, 0));
  await append(2);
  expect(await told()).toEqual(figures(0, 0));
});

it('seals: how far they reach, and not how many there are or how long the log is', async () => {
  await append(3);
  await seal();
  expect(await told()).toEqual(figures(3, 0));
  await append(9);
  expect(await told()).toEqual(figures(3, 0));
  await seal();
  expect(await told()).toEqual(figures(12, 0));
});

it('comparisons: those that found something, and not those that found all as it was sealed', async () => {
  await append(4);
  await seal();
  await verifyLog(store);
  expect(await told()).toEqual(figures(4, 0));
  await alter(2);
  expect(await told()).toEqual(figures(4, 0));
  expect((await verifyLog(store)).finding).toMatchObject({ kind: 'altered', position: 2 });
  expect(await told()).toEqual(figures(4, 1));
  await verifyLog(store);
  expect(await told()).toEqual(figures(4, 2));
});
