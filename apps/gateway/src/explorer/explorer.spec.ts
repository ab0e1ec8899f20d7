import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ExplorerModule } from './explorer.module.js';
import { explorerRoutes } from './explorer.routes.js';

const queries = [
  {
    name: 'Kế hoạch',
    query: 'query Plans($first: Int) { plans(first: $first) { totalCount } }',
    variables: { first: 5 },
  },
  { name: 'Chào', query: '{ hello(name: "`${x}`") }' },
];

let app: NestFastifyApplication;
beforeAll(async () => {
  const module = ExplorerModule.forRoot({ queries });
  app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });

it('serves the page with the ready-made queries', async () => {
  const { statusCode, body, headers } = await get('/explorer/');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(body).toContain('initialName: `Kế hoạch`');
  expect(body).toContain('query Plans($first: Int)');
  expect(body).toContain('"first": 5');
  expect(body).toContain('\\`\\${x}\\`');
});

it('sends them to the server under the address that the browser came by', async () => {
  const { body } = await get('/explorer/');
  expect(body.match(/endpointURL: .*/g)).toEqual(
    Array<string>(3).fill('endpointURL: new URL("/graphql", location.href).href,'),
  );
});

it.each(['/explorer', '/'])('leads to the page from %s', async (path) => {
  const { statusCode, headers } = await get(path);
  expect([statusCode, headers['location']]).toEqual([302, '/explorer/']);
});

it('needs nothing from elsewhere', async () => {
  const { body } = await get('/explorer/');
  expect(body).not.toMatch(/https?:|["'(]\/\//);
  const wanted = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  expect(wanted.length).toBeGreaterThan(10);
  for (const path of wanted.filter((path) => path !== '/explorer/')) {
    expect([path, (await get(`/explorer/${path}`)).statusCode]).toEqual([path, 200]);
  }
});

it('serves its scripts and its Vietnamese', async () => {
  const script = await get('/explorer/main.js');
  expect(script.headers).toMatchObject({
    'content-type': expect.stringContaining('javascript') as string,
    'x-content-type-options': 'nosniff',
  });
  expect((await get('/explorer/assets/i18n/vi-VN.json')).statusCode).toBe(200);
});

it('lets the browser run only what this page brought along', async () => {
  const [first, second] = [await get('/explorer/'), await get('/explorer/')];
  const policy = String(first.headers['content-security-policy']);
  const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
  expect(policy).toContain("default-src 'none'");
  expect(policy.split('; ').find((part) => part.startsWith('script-src'))).toBe(
    `script-src 'self' 'nonce-${nonce}'`,
  );
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*|https?:/);
  expect(first.body.match(/<(?:script|style)(?![^>]*(?:src=|nonce="[^"]))[^>]*>/g)).toBeNull();
  expect(first.body).toContain(`nonce="${nonce}"`);
  expect(second.body).not.toContain(nonce);
});

it('runs scripts of people in a frame without an origin', async () => {
  const { headers } = await get('/explorer/iframe-sandbox/index.html');
  expect(headers['content-security-policy']).toBe('sandbox allow-scripts');
});

it.each([
  '/explorer/index.html',
  '/explorer/../package.json',
  '/explorer/%2e%2e/index.js',
  '/explorer/nothing.js',
])('does not serve %s', async (url) => expect((await get(url)).statusCode).toBe(404));

it('refuses a ready-made query that would end the script it is written into', () =>
  expect(() => explorerRoutes({ queries: [{ name: 'x', query: '# </script>' }] })).toThrow('</script'));
