import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { ReadDatabase } from '../read-models/read-database.table.js';
import { tinyGateway, typeDefs } from './tiny-gateway.module.js';

/** No question may wait, so each is refused before any connection is made. */
const database = new ReadDatabase(new pg.Pool(), 0);
const overloaded = () => database.one('SELECT to_json(1)', [], { tables: [] });

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  ({ app, url } = await tinyGateway({
    typeDefs: [typeDefs, 'extend type Query { one: String, page: String! }'],
    resolvers: [{ Query: { one: overloaded, page: overloaded }, Mutation: { note: overloaded } }],
  }));
});
afterAll(() => app.close());

async function ask(query: string, accept = 'application/graphql-response+json') {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
  });
  const { data, errors = [] } = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  const codes = errors.map(({ extensions }) => extensions.code);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), data, codes };
}

const code = 'DEPENDENCY_UNAVAILABLE';

it.each(['{ page }', '{ one }', '{ page echo }', '{ a: one b: one }'])(
  'a question that gets nothing because too many are asked is a 503 that says when to come again: %s',
  async (query) => {
    const { codes, ...answer } = await ask(query);
    expect(answer).toEqual({ status: 503, retryAfter: '1', data: undefined });
    expect(new Set(codes)).toEqual(new Set([code]));
  },
);

it.each([
  ['part of an answer', '{ one echo }', { one: null, echo: 'nothing' }, [code]],
  [
    'also when that part is that there is none',
    '{ one node { node { node { name } } } }',
    { one: null, node: { node: { node: null } } },
    [code],
  ],
  [
    'what failed for another reason, too',
    '{ one broken }',
    { one: null, broken: null },
    [code, 'INTERNAL_SERVER_ERROR'],
  ],
  ['a command', 'mutation { note(text: "a") }', null, [code]],
])('%s is a 200', async (_, query, data, codes) =>
  expect(await ask(query)).toEqual({ status: 200, retryAfter: null, data, codes }),
);

it('is a 200 for whoever takes only the old media type, whose statuses mean nothing', async () =>
  expect(await ask('{ page }', 'application/json')).toEqual({
    status: 200,
    retryAfter: null,
    data: null,
    codes: [code],
  }));
