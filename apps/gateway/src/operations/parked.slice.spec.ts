import { AgencyRegistered } from '@loa/contracts-planning';
import type { Localized } from '@loa/event-sourcing';
import { setTimeout as later } from 'node:timers/promises';
import pg from 'pg';
import { id } from '../read-models/events.fixtures.js';
import { OPERATOR, QueryGateway, type GraphqlAnswer } from '../read-models/gateway.fixtures.js';

let gateway: QueryGateway;
beforeAll(async () => {
  gateway = await QueryGateway.start();
  await asOwner(`ALTER TABLE read.agency ADD CONSTRAINT known_name CHECK (name NOT LIKE 'Xấu%')`);
  ['Tốt', 'Xấu 1', 'Xấu 2', 'Xấu 3'].forEach((name, n) => register(n, name));
  register(1, 'Tên mới');
  await gateway.deliver();
});
afterAll(() => gateway.close());

const stream = (n: number) => id(6_000 + n);
const register = (n: number, name: string) =>
  gateway.planning.add(
    stream(n),
    AgencyRegistered({ agencyId: stream(n), name, kind: 'state', level: 'district' }),
    { recordedAt: '2022-04-01T00:00:00Z' },
  );

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: gateway.access.owner });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

type Told = Record<string, unknown>;
const operate = <Data = Told>(query: string, variables: Told = {}) =>
  gateway.request<Data>(query, variables, { authorization: `Bearer ${OPERATOR}` });
/** Asks, and lets the projector carry it out meanwhile. */
async function carriedOut<T>(asking: Promise<GraphqlAnswer<T>>): Promise<GraphqlAnswer<T>> {
  let done = false;
  const answer = asking.finally(() => (done = true));
  while (!done) {
    await gateway.projector.parkedWork.carryOut();
    await later(5);
  }
  return answer;
}

const list = `query($first: Int, $after: String) { parked(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { context position streamId why } } } }`;
const inspect = `query($id: ID!, $first: Int, $after: String) { parkedStream(streamId: $id, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node {
    context position version type schemaVersion why error attempts recordedAt data } } } }`;
const retry = `mutation($id: ID!, $operator: String = "An") { retryParked(streamId: $id, operator: $operator) {
  state applied remaining next { position why attempts } } }`;
const drop = `mutation($position: Position!, $reason: String = "Bản ghi thử") {
  dropParked(context: "planning", position: $position, reason: $reason, operator: "An") { state applied remaining next { position } } }`;

interface Events {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly edges: readonly { readonly node: Told }[];
}
interface Page {
  readonly parked: Events;
}
interface StreamPage {
  readonly parkedStream: Events;
}

describe('whoever is no operator', () => {
  const everything: [string, string, Told][] = [
    ['parked', list, {}],
    ['parkedStream', inspect, { id: stream(1) }],
    ['retryParked', retry, { id: stream(1) }],
    ['dropParked', drop, { position: 2 }],
  ];
  const code = ({ errors }: GraphqlAnswer<unknown>): [string | undefined, Localized | undefined] => [
    errors?.[0]?.extensions.code,
    errors?.[0]?.extensions.messages,
  ];

  it.each(everything)('is not let in to %s', async (_, query, variables) => {
    const [missing, words] = code(await gateway.request(query, variables));
    expect(missing).toBe('UNAUTHENTICATED');
    expect(words?.vi).toContain('LOA_OPERATOR_TOKEN');
    for (const authorization of ['Bearer wrong', `Bearer ${OPERATOR}x`, `Bearer ${OPERATOR.slice(1)}`])
      expect(code(await gateway.request(query, variables, { authorization }))[0]).toBe('FORBIDDEN');
    expect(code(await gateway.request(query, variables, { authorization: `Basic ${OPERATOR}` }))[0]).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('is told how many events answers leave out', async () => {
    const { freshness } = await gateway.ask<{ freshness: Told[] }>('{ freshness { context parked } }');
    expect(freshness[0]).toEqual({ context: 'planning', parked: 4 });
  });
});

describe('an operator', () => {
  it('sees what is parked, page by page', async () => {
    const { data } = await operate<Page>(list, { first: 3 });
    expect(data?.parked.totalCount).toBe(4);
    expect(data?.parked.edges.map(({ node }) => node)).toEqual([
      { context: 'planning', position: 2, streamId: stream(1), why: 'FAILED' },
      { context: 'planning', position: 3, streamId: stream(2), why: 'FAILED' },
      { context: 'planning', position: 4, streamId: stream(3), why: 'FAILED' },
    ]);
    const next = await operate<Page>(list, { first: 3, after: data?.parked.pageInfo.endCursor });
    expect(next.data?.parked.edges.map(({ node }) => node)).toEqual([
      { context: 'planning', position: 5, streamId: stream(1), why: 'BEHIND' },
    ]);
    expect(next.data?.parked.pageInfo.hasNextPage).toBe(false);
  });

  it('sees what is parked of a stream, and why', async () => {
    const { data } = await operate<StreamPage>(inspect, { id: stream(1) });
    expect(data?.parkedStream.totalCount).toBe(2);
    expect(data?.parkedStream.edges.map(({ node }) => node)).toEqual([
      {
        context: 'planning',
        position: 2,
        version: 1,
        schemaVersion: 1,
        why: 'FAILED',
        attempts: 3,
        type: 'planning.AgencyRegistered',
        error: 'PostgreSQL refused a row: 23514 (table agency, constraint known_name)',
        recordedAt: '2022-04-01T00:00:00.000Z',
        data: expect.stringContaining('Xấu 1') as string,
      },
      expect.objectContaining({ position: 5, version: 2, why: 'BEHIND', error: null, attempts: 0 }),
    ]);
  });

  it('sees it page by page, none longer than 100', async () => {
    const page = async (variables: Told) =>
      (await operate<StreamPage>(inspect, { id: stream(1), first: 1, ...variables })).data!.parkedStream;
    const first = await page({});
    const rest = await page({ after: first.pageInfo.endCursor });
    expect([...first.edges, ...rest.edges].map(({ node }) => node['position'])).toEqual([2, 5]);
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
    for (const [variables, argument] of [
      [{ id: stream(1), first: 101 }, 'first'],
      [{ id: stream(2), after: first.pageInfo.endCursor }, 'after'],
    ] as const)
      expect((await operate(inspect, variables)).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument,
      });
  });

  it('retries in vain while nothing was mended', async () => {
    const { data } = await carriedOut(operate(retry, { id: stream(1) }));
    expect(data?.['retryParked']).toEqual({
      state: 'FAILING',
      applied: 0,
      remaining: 2,
      next: { position: 2, why: 'FAILED', attempts: 4 },
    });
  });

  it('drops an event, with a reason that is kept; what stood behind it is shown', async () => {
    const { data } = await carriedOut(operate(drop, { position: 2, reason: '  Trùng hồ sơ ' }));
    expect(data?.['dropParked']).toEqual({ state: 'DONE', applied: 1, remaining: 0, next: null });
    const { agency } = await gateway.ask<{ agency: Told }>(`{ agency(id: "${stream(1)}") { name } }`);
    expect(agency).toEqual({ name: 'Tên mới' });
    const { rows } = await gateway.pool.query('SELECT reason, dropped_by FROM read.dropped');
    expect(rows).toEqual([{ reason: 'Trùng hồ sơ', dropped_by: 'An' }]);
  });

  it('retries when it was mended', async () => {
    await asOwner('ALTER TABLE read.agency DROP CONSTRAINT known_name');
    const { data } = await carriedOut(operate(retry, { id: stream(2) }));
    expect(data?.['retryParked']).toEqual({ state: 'DONE', applied: 1, remaining: 0, next: null });
  });

  it('is told when there is nothing such', async () => {
    for (const asking of [operate(retry, { id: stream(2) }), operate(drop, { position: 999 })])
      expect((await asking).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('has to say why, and who', async () => {
    for (const reason of ['  ', 'x'.repeat(501)])
      expect((await operate(drop, { position: 4, reason })).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: 'reason',
      });
    expect((await operate(retry, { id: stream(3), operator: '' })).errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'operator',
    });
    expect((await operate(retry, { id: 'x' })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is told that the request waits while the projector does not run', async () => {
    const { data } = await operate(retry, { id: stream(3) });
    expect(data?.['retryParked']).toMatchObject({ state: 'PENDING', remaining: 1, next: { position: 4 } });
    await gateway.projector.parkedWork.carryOut();
    const { data: after } = await operate<StreamPage>(inspect, { id: stream(3) });
    expect(after?.parkedStream).toMatchObject({ totalCount: 0, edges: [] });
  });
});
