import { openPool } from '@loa/database';
import { FileStore } from '@loa/files';
import { Metrics } from '@loa/observability';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import type { ExplorerQuery } from './explorer/explorer.module.js';
import { createGateway } from './gateway.js';

/** What comes to whoever opens the bare address of a gateway. Nothing is asked of its database. */
async function atTheRoot(explorer?: readonly ExplorerQuery[]) {
  const readPool = openPool({
    connectionString: 'postgres://nobody:x@127.0.0.1:1/nowhere',
    applicationName: 'gateway',
  });
  const app = await createGateway({
    readPool,
    sender: { send: () => Promise.reject(new Error('no command is sent here')) },
    files: new FileStore({ folder: tmpdir() }),
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    partitions: 1,
    introspection: false,
    metrics: new Metrics(),
    ...(explorer && { explorer }),
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  try {
    return await app.inject({ method: 'GET', url: '/' });
  } finally {
    await app.close();
    await readPool.end();
  }
}

it('leads people to the explorer', async () => {
  const { statusCode, headers } = await atTheRoot([]);
  expect([statusCode, headers['location']]).toEqual([302, '/explorer/']);
});

it('says in both languages that nothing is there when there is no explorer', async () => {
  const answer = await atTheRoot();
  expect([answer.statusCode, answer.json()]).toEqual([
    404,
    {
      status: 'failed',
      code: 'not-found',
      retryable: false,
      message: {
        vi: 'Không có gì ở địa chỉ này. Kiểm tra đường dẫn và phương thức HTTP.',
        en: 'There is nothing at this address. Check the path and the HTTP method.',
      },
    },
  ]);
});
