import { exposition, Metrics, valueOf } from '@loa/observability';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { operationTimes } from './metrics.plugin.js';
import { tinyGateway } from './tiny-gateway.module.js';

let app: NestFastifyApplication;
let url: string;
let metrics: Metrics;

beforeEach(async () => {
  metrics = new Metrics();
  ({ app, url } = await tinyGateway({ plugins: [operationTimes(metrics)] }));
});
afterEach(() => app.close());

const ask = (query: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
const told = async () => exposition(await metrics.text());
const operations = async () =>
  (await told()).samples
    .filter(({ name }) => name === 'graphql_operation_duration_seconds_count')
    .map(({ labels, value }) => [labels['operation'], labels['outcome'], value]);

it('times operations by their root field, never by a name that a client gave', async () => {
  await ask('query NguyenVanA { echo(text: "a") }');
  await ask('query TranThiB { tb: echo(text: "b") }');
  await ask('mutation C { note(text: "abc") }');
  await ask('{ echo node { name } }');
  await ask('{ ...All } fragment All on Query { echo }');
  expect(await operations()).toEqual([
    ['query echo', 'ok', 2],
    ['mutation note', 'ok', 1],
    ['query …', 'ok', 2],
  ]);
});

it('weighs operations by what their answers can hold, pages taken as full', async () => {
  await ask('{ echo }');
  await ask('{ node { name node { name } } }');
  await ask('{ nodes { name } }');
  await ask('{ nodes(first: 50) { name node { ...Name } } } fragment Name on Node { name }');
  const { samples } = await told();
  const weighed = samples
    .filter(({ name }) => /^graphql_operation_cost_(sum|count)$/.test(name))
    .map(({ name, labels, value }) => [name, labels['operation'], value]);
  expect(weighed).toEqual([
    ['graphql_operation_cost_sum', 'query echo', 1],
    ['graphql_operation_cost_count', 'query echo', 1],
    ['graphql_operation_cost_sum', 'query node', 4],
    ['graphql_operation_cost_count', 'query node', 1],
    ['graphql_operation_cost_sum', 'query nodes', 1 + 20 + (1 + 50 * 3)],
    ['graphql_operation_cost_count', 'query nodes', 2],
  ]);
});

it('does not weigh what will be refused for its variables', async () => {
  const body = JSON.stringify({
    query: 'query ($first: Int) { nodes(first: $first) { name } }',
    variables: { first: 'x' },
  });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect((await told()).samples.filter(({ name }) => name.startsWith('graphql_operation_cost'))).toEqual([]);
});

it('counts errors by their code, also of what is no operation at all', async () => {
  await ask('{ broken }');
  await ask('{ picky }');
  await ask('{ nguyenVanA }');
  await ask('{ not graphql');
  expect(await operations()).toEqual([
    ['query broken', 'error', 1],
    ['query picky', 'error', 1],
    ['not carried out', 'error', 2],
  ]);
  const now = await told();
  const codes = [
    'INTERNAL_SERVER_ERROR',
    'BAD_USER_INPUT',
    'GRAPHQL_VALIDATION_FAILED',
    'GRAPHQL_PARSE_FAILED',
  ];
  expect(codes.map((code) => valueOf(now, 'graphql_errors_total', { code }))).toEqual([1, 1, 1, 1]);
});
