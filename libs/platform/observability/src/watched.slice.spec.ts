import { openPool } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { Relay } from '@loa/transport';
import { randomUUID } from 'node:crypto';
import { exposition, valueOf } from './exposition.js';
import { Metrics } from './metrics.js';
import { publishTimes, watchPool, watchRelay } from './watched.js';

const topic = 'loa.testing.events';
let connectionString: string;
let store: EventStore;
let metrics: Metrics;

beforeEach(async () => {
  const access = await freshDatabase('metrics', { migrations: eventStoreMigrations });
  connectionString = access.runtime;
  store = new EventStore(openPool({ connectionString, applicationName: 'metrics.spec', max: 1 }));
  metrics = new Metrics();
});
afterEach(() => store.close());

const value = async (name: string, labels = {}) => valueOf(exposition(await metrics.text()), name, labels);
const append = () =>
  store.append({
    streamId: randomUUID(),
    expected: 0,
    events: [
      { eventId: randomUUID(), type: 'testing.Happened', schemaVersion: 1, data: '{}', meta: '{"key":"k"}' },
    ],
  });

it('a relay that cannot reach Kafka: what waits, since when, and failed tries', async () => {
  const relay = Relay.start({
    source: 'testing',
    store,
    connectionString,
    // Nobody listens there.
    kafka: { brokers: ['127.0.0.1:9'], clientId: 'metrics.spec', pace: 'local' },
    topic,
    onError: () => undefined,
    onPublished: publishTimes(metrics),
  });
  try {
    watchRelay(metrics, relay, store.pool, topic);
    expect(await value('outbox_pending_messages')).toBe(0);
    expect(await value('outbox_oldest_pending_seconds')).toBe(0);
    await append();
    await append();
    expect(await value('outbox_pending_messages')).toBe(2);
    await eventually(async () => expect(await value('outbox_oldest_pending_seconds')).toBeGreaterThan(0.05));
    await eventually(async () => expect(await value('outbox_publish_failures_total')).toBeGreaterThan(0));
    expect(await value('outbox_publish_duration_seconds_count')).toBe(0);
    // As a relay that leads would: one of the two is published.
    await store.pool.query(
      `INSERT INTO es.relay (name, position, epoch, tails) VALUES ($1, 1, 1, '{}')
       ON CONFLICT (name) DO UPDATE SET position = 1`,
      [topic],
    );
    expect(await value('outbox_pending_messages')).toBe(1);
  } finally {
    await relay.close();
  }
});

it('a pool: who waits for a connection', async () => {
  watchPool(metrics, 'testing', store.pool);
  expect(await value('db_pool_waiting', { pool: 'testing' })).toBe(0);
  const client = await store.pool.connect();
  const waiting = [store.head(), store.head()];
  expect(await value('db_pool_waiting', { pool: 'testing' })).toBe(2);
  client.release();
  await Promise.all(waiting);
  expect(await value('db_pool_waiting', { pool: 'testing' })).toBe(0);
});
