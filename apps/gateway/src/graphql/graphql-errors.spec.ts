import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getIntrospectionQuery } from 'graphql';
import { tinyGateway } from './tiny-gateway.module.js';

interface Told {
  message: string;
  extensions: { code: string; messages: { vi: string; en: string }; incident?: string } & Record<
    string,
    unknown
  >;
}

let app: NestFastifyApplication;
let url: string;
let incidents: unknown[];

beforeAll(async () => {
  ({ app, url, incidents } = await tinyGateway());
});
afterAll(() => app.close());

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, ...(JSON.parse(text) as { data?: unknown; errors?: Told[] }) };
}
const ask = (query: string, variables?: unknown) => post(JSON.stringify({ query, variables }));
const many = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ');

it('answers queries, and mutations that Nest did not write', async () => {
  expect((await ask('{ echo(text: "chào") node { node { name } } }')).data).toEqual({
    echo: 'chào',
    node: { node: { name: 'b' } },
  });
  expect((await ask('mutation { note(text: "abc") }')).data).toEqual({ note: 3 });
});

it('takes any text for a DateTime and leaves the judgement to whom it concerns', async () =>
  expect((await ask('query ($at: DateTime) { echo(at: $at) }', { at: 'yesterday' })).data).toEqual({
    echo: 'yesterday',
  }));

it.each([
  {
    what: 'an unknown field',
    query: '{ echoo }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    vi: 'Kiểu Query không có trường «echoo». Bỏ trường này hoặc sửa tên theo lược đồ.',
  },
  {
    what: 'an unknown argument',
    query: '{ echo(x: 1) }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    vi: 'Trường Query.echo không có tham số «x». Bỏ tham số này hoặc sửa tên theo lược đồ.',
  },
  {
    what: 'a missing argument',
    query: 'mutation { note }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    vi: 'Trường note cần tham số «text». Thêm tham số này.',
  },
  {
    what: 'bad syntax',
    query: '{ echo',
    code: 'GRAPHQL_PARSE_FAILED',
    vi: 'Câu truy vấn sai cú pháp: Syntax Error: Expected Name, found <EOF>. Sửa lại rồi gửi tiếp.',
  },
  {
    what: 'a wrong variable',
    query: 'query ($t: String!) { echo(text: $t) }',
    code: 'BAD_USER_INPUT',
    vi: 'Giá trị gửi lên không dùng được: Variable "$t" got invalid value 5; String cannot represent a non string value: 5. Sửa lại rồi gửi tiếp.',
  },
  {
    what: 'no such operation',
    query: 'query A { echo } query B { echo }',
    code: 'OPERATION_RESOLUTION_FAILURE',
    vi: 'Không rõ phải chạy thao tác nào: Must provide operation name if query contains multiple operations. Nêu đúng operationName.',
  },
])('says what to do about $what', async ({ query, code, vi }) => {
  const { status, errors } = await ask(query, { t: 5 });
  expect(status).toBe(400);
  expect(errors).toHaveLength(1);
  expect(errors![0]!.extensions).toMatchObject({ code, messages: { vi } });
  expect(errors![0]!.extensions.messages.en).not.toBe('');
});

it.each<[string, string]>([
  ['depth', `{ ${many(8, () => 'node {')} name ${many(8, () => '}')} }`],
  [
    'depth',
    `{ node { ...deep } } fragment deep on Node { ${many(7, () => 'node {')} name ${many(7, () => '}')} }`,
  ],
  ['aliases', `{ ${many(16, (index) => `a${index}: echo`)} }`],
  ['directives', `{ ${many(21, () => 'echo @include(if: true)')} }`],
  ['tokens', `{ ${many(2001, () => 'echo')} }`],
  [
    'selections',
    `{ node { ...f0 } } ${many(9, (index) => `fragment f${index} on Node { ${many(4, () => `...f${index + 1}`)} }`)} fragment f9 on Node { name }`,
  ],
])('refuses too many %s with 400', async (limit, query) => {
  const { status, errors } = await ask(query);
  expect(status).toBe(400);
  expect(errors![0]!.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', limit });
  expect(errors![0]!.extensions.messages.vi).toContain('Chia thành nhiều câu nhỏ hơn');
});

it('lets what is just within the limits pass', async () => {
  const deepest = `{ ${many(7, () => 'node {')} name ${many(7, () => '}')} }`;
  expect((await ask(deepest)).errors).toBeUndefined();
  expect((await ask(`{ ${many(15, (index) => `a${index}: echo`)} }`)).errors).toBeUndefined();
});

it('lets tools read the schema, which goes deeper than any query may', async () => {
  const options = {
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  const { data, errors } = await ask(getIntrospectionQuery(options));
  expect(errors).toBeUndefined();
  expect(data).toHaveProperty('__schema');
});

it('hides what broke, and gives an incident to find it in the log by', async () => {
  const { data, errors, text } = await ask('{ broken echo }');
  expect(data).toEqual({ broken: null, echo: 'nothing' });
  const { incident, messages, code } = errors![0]!.extensions;
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  expect(messages.vi).toContain(incident);
  expect(text).not.toMatch(/secret|stack|node_modules|\.ts/);
  const [error, known] = incidents.at(-1) as [Error, string];
  expect(known).toBe(incident);
  expect(error.message).toBe('password=secret in /var/lib/loa');
});

it('tells an exception of Nest as a stable code', async () => {
  const { errors, text } = await ask('{ forbidden }');
  expect(errors![0]!.extensions).toEqual({
    code: 'FORBIDDEN',
    messages: expect.objectContaining({ vi: expect.stringContaining('không có quyền') as string }) as unknown,
  });
  expect(text).not.toContain('originalError');
});

it('hands on what an error of ours has to say', async () =>
  expect((await ask('{ picky }')).errors![0]!.extensions).toEqual({
    argument: 'text',
    code: 'BAD_USER_INPUT',
    messages: { vi: 'Sửa đi.', en: 'Mend it.' },
  }));

it('refuses 300 KB of text, in both languages, and takes 200', async () => {
  const mutation = (bytes: number) =>
    ask('mutation ($text: String!) { note(text: $text) }', { text: 'x'.repeat(bytes) });
  const { status, errors } = await mutation(300 * 1024);
  expect(status).toBe(413);
  expect(errors).toHaveLength(1);
  expect(errors![0]!.message).toBe(
    'The request is larger than 256 KB. Shorten the text or send several commands; upload files with PUT /files.',
  );
  expect(errors![0]!.extensions).toEqual({
    code: 'PAYLOAD_TOO_LARGE',
    maxBytes: 256 * 1024,
    messages: { en: errors![0]!.message, vi: expect.stringContaining('Yêu cầu lớn hơn 256 KB') as string },
  });
  expect((await mutation(200 * 1024)).data).toEqual({ note: 200 * 1024 });
});

it('says in both languages that a body is not JSON', async () => {
  const { status, errors } = await post('{"query": ');
  expect(status).toBe(400);
  expect(errors![0]!.extensions).toMatchObject({
    code: 'BAD_REQUEST',
    messages: { vi: expect.stringContaining('POST với JSON') as string },
  });
});

it('does not run what another site could make a browser send', async () => {
  expect(
    (await post('{"query":"{ echo }"}', { 'content-type': 'text/plain' })).errors![0]!.extensions.code,
  ).toBe('BAD_REQUEST');
  const get = await fetch(`${url}?query={echo}`);
  expect(get.status).toBe(400);
  expect(await get.text()).toContain('Cross-Site Request Forgery');
});

it('does not take several operations in one request', async () => {
  const { status, errors } = await post('[{"query":"{ echo }"}]');
  expect(status).toBe(400);
  expect(errors![0]!.extensions.code).toBe('BAD_REQUEST');
});

it('has no landing page', async () => {
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  expect(response.headers.get('content-type')).not.toContain('html');
});

it('tells nothing of the schema when introspection is off', async () => {
  const closed = await tinyGateway({ introspection: false });
  const response = await fetch(closed.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ echoo __schema { types { name } } }"}',
  });
  const text = await response.text();
  await closed.app.close();
  expect(text).toContain('introspection');
  expect(text).not.toContain('Did you mean');
});
