import { openPool, type DatabaseAccess } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { freshDatabase } from '@loa/testing';
import { LogTransport } from '@loa/transport';
import { Controller, Get, HttpException, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Companion } from './context.js';
import { ContextModule } from './context.module.js';
import { definition } from './doors.fixtures.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem.filter.js';
import { BODY_LIMIT } from './run-service.js';

/** Answers with any status, as Nest and Fastify may. */
@Controller('odd')
class OddController {
  @Get(':status')
  answer(@Param('status') status: string): never {
    throw new HttpException('a secret of Nest', Number(status));
  }
}
@Module({})
class OddModule {}

let access: DatabaseAccess;
let app: NestFastifyApplication;
let url: string;
const log = pino({ level: 'silent' });

async function start(
  connectionString: string,
  { maxQueue, companions = [] }: { maxQueue?: number; companions?: readonly Companion[] } = {},
): Promise<NestFastifyApplication> {
  const pool = openPool({ connectionString, applicationName: 'http' });
  const store = new EventStore(pool, maxQueue === undefined ? {} : { maxQueue });
  const transport = new LogTransport({ testing: store }, () => undefined);
  const started = await NestFactory.create<NestFastifyApplication>(
    {
      module: OddModule,
      imports: [ContextModule.forRoot(definition, { store, transport, companions, now: () => new Date() })],
      controllers: [OddController],
    },
    new FastifyAdapter({ bodyLimit: BODY_LIMIT }),
    { logger: new NestLog(log) },
  );
  started.useGlobalFilters(new ProblemFilter(log));
  await started.listen(0, '127.0.0.1');
  return started;
}

beforeAll(async () => {
  access = await freshDatabase('http', definition.schema);
  app = await start(access.runtime);
  url = await app.getUrl();
});
afterAll(() => app.close());

const doorId = '00000000-0000-4000-8000-000000000001';
let keys = 0;
async function post(name: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/commands/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `key-${(keys += 1)}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

it('accepts with 200 and says where it stands', async () =>
  expect(await post('Knock', { input: { doorId, words: 'hello' } })).toEqual({
    status: 200,
    body: { status: 'accepted', id: doorId, version: 1, position: 1, streamId: doorId, warnings: [] },
  }));

it('refuses a rule of the business with 422', async () =>
  expect(await post('Knock', { input: { doorId, words: 'late' } })).toMatchObject({
    status: 422,
    body: { status: 'refused', code: 'shut', message: { en: 'It is shut, come back later.' } },
  }));

it('refuses bad input with 400 and a stale version with 409', async () => {
  expect(await post('Knock', { input: { doorId } })).toMatchObject({ status: 400, body: { field: 'words' } });
  const occurredAt = '2022-06-01T00:00:00.'.padEnd(80, '0');
  expect(await post('Knock', { input: { doorId, words: 'x' }, occurredAt })).toMatchObject({
    status: 400,
    body: { code: 'invalid-input', field: 'occurredAt' },
  });
  expect(await post('Knock', { input: { doorId, words: 'x' }, expectedVersion: 99 })).toMatchObject({
    status: 409,
    body: { code: 'version-conflict' },
  });
});

const get = async (path: string) => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** What each answer tells people to do. */
const todo = {
  name: ['Kiểm tra tên lệnh.', 'Check its name.'],
  form: ['cần JSON {"input": {…}} và tiêu đề Idempotency-Key.', 'send JSON {"input": {…}} and the header'],
  body: [
    'Kiểm tra nội dung và tiêu đề này rồi gửi lại.',
    'Check the body and this header, then send it again.',
  ],
  shorter: ['Rút gọn văn bản, hoặc tải nội dung lên thành tệp.', 'Shorten the text, or upload it as a file.'],
  address: ['Kiểm tra đường dẫn và phương thức HTTP.', 'Check the path and the HTTP method.'],
  request: ['Kiểm tra phương thức, đường dẫn và các tiêu đề HTTP', 'Check its HTTP method, path and headers'],
} as const;

it.each<[string, () => ReturnType<typeof post>, number, string, keyof typeof todo]>([
  ['an unknown command', () => post('Sing', { input: {} }), 404, 'unknown-command', 'name'],
  [
    'no idempotency key',
    () => post('Knock', { input: {} }, { 'idempotency-key': '' }),
    400,
    'malformed-request',
    'form',
  ],
  [
    'an unknown part of the envelope',
    () => post('Knock', { input: {}, extra: 1 }),
    400,
    'malformed-request',
    'form',
  ],
  ['text that is no JSON', () => post('Knock', '{'), 400, 'malformed-request', 'body'],
  [
    'a kind of body that is not taken',
    () => post('Knock', 'words', { 'content-type': 'text/x-words' }),
    415,
    'malformed-request',
    'body',
  ],
  [
    '300 KB of text',
    () => post('Knock', { input: { doorId, words: 'x'.repeat(300_000) } }),
    413,
    'payload-too-large',
    'shorter',
  ],
  ['an address where nothing is', () => get('/'), 404, 'not-found', 'address'],
  ['a command that is asked for', () => get('/commands/Knock'), 404, 'not-found', 'address'],
  ['a status that has no words of its own', () => get('/odd/410'), 410, 'request-refused', 'request'],
])('%s: a stable code and what to do, in two languages', async (_, send, status, code, what) => {
  const answer = await send();
  expect(answer).toMatchObject({ status, body: { status: 'failed', code, retryable: false } });
  const [vi, en] = todo[what];
  expect(answer.body['message']).toEqual({
    vi: expect.stringContaining(vi),
    en: expect.stringContaining(en),
  });
});

it('tells nobody what broke inside', async () => {
  for (const answer of [await post('Knock', { input: { doorId, words: 'bug' } }), await get('/odd/502')]) {
    expect(answer.body).toEqual({
      status: 'failed',
      code: 'internal',
      retryable: true,
      message: {
        vi: expect.stringContaining('nếu vẫn lỗi, báo quản trị'),
        en: expect.stringContaining('if it persists, tell the operators'),
      },
    });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(answer)).not.toContain('secret');
  }
});

it('is alive, and ready while its own database answers', async () => {
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  const ready = await fetch(`${url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, database: true, parts: {} }]);
});

it('is ready also while what runs beside the door is not well, and says what', async () => {
  const part = (name: string, well: boolean) => ({ name, healthy: () => well, close: async () => undefined });
  const lame = await start(access.runtime, { companions: [part('relay', false), part('sealer', true)] });
  const ready = await fetch(`${await lame.getUrl()}/health/ready`);
  const parts = { relay: false, sealer: true };
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, database: true, parts }]);
  await lame.close();
});

it('is not ready on a database without its schema', async () => {
  const empty = await freshDatabase('http_empty', { migrations: [] });
  const bare = await start(empty.runtime);
  const ready = await fetch(`${await bare.getUrl()}/health/ready`);
  const missingMigrations = eventStoreMigrations.map(({ name }) => name);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ready: false, database: false, missingMigrations, parts: {} },
  ]);
  await bare.close();
});

it('is not ready, and answers commands with "try again" while its database is away', async () => {
  const gone = new URL(access.runtime);
  gone.port = '1';
  const cut = await start(gone.toString());
  const at = await cut.getUrl();
  expect((await fetch(`${at}/health/ready`)).status).toBe(503);
  const response = await fetch(`${at}/commands/Knock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'away' },
    body: JSON.stringify({ input: { doorId, words: 'hello' } }),
  });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({ code: 'try-again', retryable: true });
  await cut.close();
});

it('answers "try again" when more appends wait than may, and carries out the others', async () => {
  const pool = openPool({ connectionString: access.owner, applicationName: 'holder' });
  const owner = await pool.connect();
  await owner.query('BEGIN');
  await owner.query('SELECT FROM es.lane FOR UPDATE');
  const busy = await start(access.runtime, { maxQueue: 1 });
  const at = await busy.getUrl();
  const ids = new Map(['one', 'two', 'three', 'four'].map((key) => [key, randomUUID()]));
  const knock = (key: string) =>
    fetch(`${at}/commands/Knock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `busy-${key}` },
      body: JSON.stringify({ input: { doorId: ids.get(key), words: 'hello' } }),
    });
  const answers = [...ids.keys()].map(knock);
  // While the log is held only a refusal can come back.
  const refused = await Promise.race(answers);
  await owner.query('COMMIT');
  owner.release();
  await pool.end();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ code: 'try-again', message: { vi: expect.any(String) } });
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses).toContain(200);
  // Everyone who was sent away is let in with the same key.
  for (const key of ids.keys()) expect((await knock(key)).status).toBe(200);
  await busy.close();
});
