import { openPool } from '@loa/database';
import { FileStore } from '@loa/files';
import { Metrics } from '@loa/observability';
import { tmpdir } from 'node:os';
import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import type { ExplorerQuery } from './explorer/explorer.module.js';
import { createGateway } from './gateway.js';
import { nobody } from './read-models/gateway.fixtures.js';

const root: InjectOptions = { method: 'GET', url: '/' };

/** What a gateway answers to what needs no database. */
async function ask(question: InjectOptions, explorer?: readonly ExplorerQuery[]) {
  const pool = openPool({
    connectionString: 'postgres://nobody:x@127.0.0.1:1/nowhere',
    applicationName: 'gateway',
  });
  const app = await createGateway({
    questions: pool,
    operations: pool,
    knowledge: nobody,
    operatorToken: undefined,
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
    return await app.inject(question);
  } finally {
    await app.close();
    await pool.end();
  }
}

it('leads people to the explorer', async () => {
  const { statusCode, headers } = await ask(root, []);
  expect([statusCode, headers['location']]).toEqual([302, '/explorer/']);
});

it('says in both languages that nothing is there when there is no explorer', async () => {
  const answer = await ask(root);
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

it('says in both languages that it cannot read a body', async () => {
  const headers = { 'content-type': 'application/json' };
  const answer = await ask({ method: 'POST', url: '/files', headers, payload: '{ "name": ' });
  expect([answer.statusCode, answer.json()]).toEqual([
    400,
    {
      status: 'failed',
      code: 'malformed-request',
      retryable: false,
      message: {
        vi: 'Không đọc được nội dung yêu cầu theo tiêu đề content-type. Kiểm tra nội dung và tiêu đề này rồi gửi lại.',
        en: 'The body of the request cannot be read as what its content-type says. Check the body and this header, then send it again.',
      },
    },
  ]);
});
