import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { migrate, openPool, provision } from '@loa/database';
import { ServiceProcess } from '@loa/distributed';
import { EventStore } from '@loa/event-store';
import { freePort } from '@loa/free-ports';
import { LocalPostgres } from '@loa/local-postgres';
import { planningContext } from '@loa/planning';
import { describeUnless } from '@loa/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { SmallDisk } from './servers/small-disk.js';

jest.setTimeout(180_000);

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const DISK_MIB = 192;
/** A page holds some ten events: long before this many a new one is needed. */
const MOST_COMMANDS = 200;
/** Nobody listens there: commands are taken without Kafka. */
const NO_BROKER = '127.0.0.1:1';

const tried = await SmallDisk.mount(1);
await tried?.unmount();
const missing = tried
  ? undefined
  : 'a disk that can be filled takes root on a Linux that may mount file systems';

describeUnless(describe, missing, 'a service whose PostgreSQL has a full disk', () => {
  let folder: string;
  let disk: SmallDisk;
  let postgres: LocalPostgres;
  let store: EventStore;
  let service: ServiceProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-full-disk-'));
    disk = (await SmallDisk.mount(DISK_MIB))!;
    postgres = await LocalPostgres.start({ folder: join(disk.folder, 'postgres') });
    const [owner, runtime] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
    const access = await provision(postgres.adminUrl, 'planning', { owner, runtime });
    await migrate(access.owner, planningContext.schema);
    store = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'full-disk' }));
    const port = await freePort();
    const plan = {
      name: 'planning',
      script: join(root, 'apps', 'planning', 'dist', 'main.js'),
      port,
      environment: {
        LOA_DATABASE_URL: access.runtime,
        LOA_HTTP_PORT: String(port),
        KAFKA_BROKERS: NO_BROKER,
      },
    };
    service = new ServiceProcess(plan, folder);
    await service.start();
  });
  afterAll(async () => {
    await service?.end('SIGKILL');
    await store?.close();
    await postgres?.close();
    await disk?.unmount();
    await rm(folder, { recursive: true, force: true });
  });

  const register = async (key: string) => {
    const response = await fetch(`${service.url}/commands/RegisterAgency`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ input: { name: `Sở ${key}`, kind: 'state', level: 'province' } }),
    });
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, retryAfter, body: (await response.json()) as unknown };
  };
  /** The keys of the commands in the log, in its order, which has no hole. */
  const keysInLog = async () => {
    const events = await store.read(0, 10 * MOST_COMMANDS);
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
    expect(await store.head()).toBe(events.length);
    return events.map(({ meta }) => (JSON.parse(meta) as { key: string }).key);
  };

  it('says "try again" in two languages, writes nothing by halves, and carries the same command out once there is room', async () => {
    const done = ['first'];
    expect((await register('first')).status).toBe(200);
    // What is written ahead has room of its own for a while: it is the table that cannot grow.
    await newJournal(postgres.adminUrl);
    await disk.fill();
    let answer: Awaited<ReturnType<typeof register>>;
    let key: string;
    do {
      key = `agency-${done.length}`;
      answer = await register(key);
      if (answer.status === 200) done.push(key);
    } while (answer.status === 200 && done.length < MOST_COMMANDS);

    expect(answer).toEqual({
      status: 503,
      retryAfter: '1',
      body: {
        status: 'failed',
        code: 'try-again',
        retryable: true,
        message: {
          vi: expect.stringContaining('Gửi lại đúng lệnh này với cùng khóa chống gửi trùng'),
          en: expect.stringContaining('Send the same command again with the same idempotency key'),
        },
      },
    });
    expect(await keysInLog()).toEqual(done);

    await disk.free();
    const carriedOut = await register(key);
    expect(carriedOut.status).toBe(200);
    expect(await register(key)).toEqual(carriedOut);
    expect(await keysInLog()).toEqual([...done, key]);
  });
});

/** Begins a new file of the write-ahead log, and makes it as long as it will be. */
async function newJournal(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query('SELECT pg_switch_wal()');
    await admin.query('CHECKPOINT');
  } finally {
    await admin.end();
  }
}
