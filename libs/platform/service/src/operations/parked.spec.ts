import { openPool } from '@loa/database';
import { ParkedEvents } from '@loa/projections';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { ProblemFilter } from '../problem.filter.js';
import { ParkedModule } from './parked.module.js';

const TOKEN = 'the-token-of-the-operators-of-this-test';
const pool = openPool({
  connectionString: 'postgres://nobody:x@127.0.0.1:1/nowhere',
  applicationName: 'parked.spec',
});
const apps: NestFastifyApplication[] = [];

/** A service whose database is away. */
async function service(operatorToken: string | undefined): Promise<string> {
  const parked = new ParkedEvents(pool, { name: 'testing-knowledge', schema: 'known' });
  const app = await NestFactory.create<NestFastifyApplication>(
    ParkedModule.forRoot(parked, operatorToken),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalFilters(new ProblemFilter(pino({ level: 'silent' })));
  await app.listen(0, '127.0.0.1');
  apps.push(app);
  return `${await app.getUrl()}/operations/parked`;
}

let on: string;
beforeAll(async () => {
  on = await service(TOKEN);
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await pool.end();
});

const operator = { authorization: `Bearer ${TOKEN}` };
interface Answer {
  readonly status: number;
  readonly code: string;
  readonly en: string;
}
async function answerOf(response: Response): Promise<Answer> {
  const body = (await response.json()) as {
    readonly code: string;
    readonly message: { readonly en: string };
  };
  return { status: response.status, code: body.code, en: body.message.en };
}
const get = async (url: string, headers: Record<string, string> = operator) =>
  answerOf(await fetch(url, { headers }));
const post = async (path: string, body: unknown, headers: Record<string, string> = operator) =>
  answerOf(
    await fetch(`${on}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );

const streamId = '00000000-0000-4000-8000-000000000001';
const retry = { streamId, by: 'An' };
const drop = { source: 'planning', position: 2, reason: 'Trùng hồ sơ', by: 'An' };

describe('whoever is no operator', () => {
  it('is not let in, whatever is asked', async () => {
    for (const headers of [{}, { authorization: `Basic ${TOKEN}` }]) {
      const refused = { status: 401, code: 'unauthenticated' };
      expect(await get(`${on}?first=1`, headers)).toMatchObject(refused);
      expect(await get(`${on}/count`, headers)).toMatchObject(refused);
      expect(await post('/retry', retry, headers)).toMatchObject(refused);
      expect(await post('/drop', drop, headers)).toMatchObject(refused);
    }
    for (const token of ['wrong', `${TOKEN}x`, TOKEN.slice(1)])
      expect(await post('/drop', drop, { authorization: `Bearer ${token}` })).toMatchObject({
        status: 403,
        code: 'forbidden',
      });
  });

  it('is nobody where no token is configured', async () => {
    const off = await service(undefined);
    for (const headers of [{}, operator, { authorization: 'Bearer undefined' }]) {
      const { status, en } = await get(`${off}/count`, headers);
      expect([status, en]).toEqual([403, expect.stringContaining('Set LOA_OPERATOR_TOKEN')]);
    }
  });
});

describe('an operator', () => {
  it.each([
    ['?first=0'],
    ['?first=102'],
    ['?first=1&source=planning'],
    ['?first=1&source=planning&position=-1'],
    [`?first=1&streamId=1`],
    ['?first=1&what=else'],
    ['/count?streamId=1'],
  ])('is told that %s asks for nothing', async (query) =>
    expect(await get(`${on}${query}`)).toMatchObject({ status: 400, code: 'malformed-request' }),
  );

  it.each([
    ['a retry of no stream', '/retry', { ...retry, streamId: 'x' }],
    ['a retry by nobody', '/retry', { ...retry, by: '' }],
    ['a drop without a reason', '/drop', { ...drop, reason: '' }],
    ['a drop with a long story', '/drop', { ...drop, reason: 'x'.repeat(501) }],
    ['a drop of half a position', '/drop', { ...drop, position: 1.5 }],
    ['a drop of no context', '/drop', { ...drop, source: 'known.parked' }],
  ])('is told that %s is malformed', async (_, path, body) =>
    expect(await post(path, body)).toMatchObject({ status: 400, code: 'malformed-request' }),
  );

  it('is told that the database is away', async () => {
    const away = { status: 503, code: 'try-again' };
    expect(await get(`${on}?first=1`)).toMatchObject(away);
    expect(await get(`${on}/count`)).toMatchObject(away);
    expect(await post('/retry', retry)).toMatchObject(away);
    expect(await post('/drop', drop)).toMatchObject(away);
  });
});
