import { AgencyRegistered } from '@loa/contracts-planning';
import { openPool, type DatabaseAccess } from '@loa/database';
import { ParkedEvents, type Projector } from '@loa/projections';
import { ParkedModule, ProblemFilter } from '@loa/service';
import { freshDatabase } from '@loa/testing';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { id, Log } from '../read-models/events.fixtures.js';
import {
  deskAt,
  nobody,
  OPERATOR,
  QueryGateway,
  type GraphqlAnswer,
} from '../read-models/gateway.fixtures.js';
import { READ_SCHEMA, READER } from '../read-models/read-database.table.js';
import { readProjector, readSchema } from '../read-side.js';

const stream = (n: number) => id(6_100 + n);

/** A service, and a reader of it that has parked events of two streams. */
class Service {
  private constructor(
    readonly access: DatabaseAccess,
    private readonly pool: pg.Pool,
    readonly projector: Projector,
    private readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async start(): Promise<Service> {
    const access = await freshDatabase('read', readSchema);
    const pool = openPool({ connectionString: access.runtime, applicationName: 'http-parked.spec' });
    const parked = new ParkedEvents(pool, { name: READER, schema: READ_SCHEMA });
    const app = await NestFactory.create<NestFastifyApplication>(
      ParkedModule.forRoot(parked, OPERATOR),
      new FastifyAdapter(),
      { logger: false },
    );
    app.useGlobalFilters(new ProblemFilter(pino({ level: 'silent' })));
    await app.listen(0, '127.0.0.1');
    const service = new Service(access, pool, readProjector(pool), app, await app.getUrl());
    await service.asOwner(`ALTER TABLE read.agency ADD CONSTRAINT known_name CHECK (name NOT LIKE 'Xấu%')`);
    const log = new Log('planning');
    for (const [n, name] of [
      [1, 'Xấu 1'],
      [2, 'Xấu 2'],
      [1, 'Tên mới'],
    ] as const)
      log.add(stream(n), AgencyRegistered({ agencyId: stream(n), name, kind: 'state', level: 'district' }), {
        recordedAt: '2022-04-01T00:00:00Z',
      });
    await service.projector.handle(log.batch());
    return service;
  }

  async asOwner(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.access.owner });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.pool.end();
  }
}

let service: Service;
let gateway: QueryGateway;
beforeAll(async () => {
  service = await Service.start();
  gateway = await QueryGateway.start({
    ...nobody,
    'reporting-knowledge': deskAt('reporting', `${service.url}/`),
  });
});
afterAll(async () => {
  await gateway.close();
  await service.close();
});

type Told = Record<string, unknown>;
const operate = <Data = Told>(query: string, variables: Told = {}, at = gateway) =>
  at.request<Data>(query, variables, { authorization: `Bearer ${OPERATOR}` });
/** Asks, and lets the reader of the service carry it out meanwhile. */
async function carriedOut<T>(asking: Promise<GraphqlAnswer<T>>): Promise<GraphqlAnswer<T>> {
  let done = false;
  const answer = asking.finally(() => (done = true));
  while (!done) {
    await service.projector.parkedWork.carryOut();
    await later(5);
  }
  return answer;
}

const list = `query($reader: ParkedReader! = REPORTING_KNOWLEDGE, $first: Int, $after: String) {
  parked(reader: $reader, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { context position streamId why attempts } } } }`;
const inspect = `query($id: ID!, $first: Int, $after: String) {
  parkedStream(reader: REPORTING_KNOWLEDGE, streamId: $id, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { position error recordedAt data } } } }`;
const retry = `mutation($reader: ParkedReader! = REPORTING_KNOWLEDGE, $id: ID!) {
  retryParked(reader: $reader, streamId: $id, operator: "An") { state applied remaining next { position why } } }`;
const drop = `mutation($position: Position!) {
  dropParked(reader: REPORTING_KNOWLEDGE, context: "planning", position: $position, reason: "Trùng", operator: "An") {
    state applied remaining next { position } } }`;

interface Events {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly edges: readonly { readonly node: Told }[];
}

it('says how many each reader has parked, also while a service is away', async () => {
  const { data, errors } = await operate('{ parkedReaders { reader parked } }');
  expect(data?.['parkedReaders']).toEqual([
    { reader: 'GATEWAY', parked: 0 },
    { reader: 'REPORTING_KNOWLEDGE', parked: 3 },
    { reader: 'MONITORING_KNOWLEDGE', parked: null },
  ]);
  expect(errors?.map(({ extensions: { code, messages } }) => [code, messages.en])).toEqual([
    ['DEPENDENCY_UNAVAILABLE', expect.stringContaining('"monitoring" does not answer')],
  ]);
});

it('shows what a service has parked, page by page', async () => {
  const first = (await operate<{ parked: Events }>(list, { first: 2 })).data!.parked;
  expect([first.totalCount, first.pageInfo.hasNextPage]).toEqual([3, true]);
  const rest = (await operate<{ parked: Events }>(list, { first: 2, after: first.pageInfo.endCursor })).data!;
  expect([...first.edges, ...rest.parked.edges].map(({ node }) => node)).toEqual([
    { context: 'planning', position: 1, streamId: stream(1), why: 'FAILED', attempts: 3 },
    { context: 'planning', position: 2, streamId: stream(2), why: 'FAILED', attempts: 3 },
    { context: 'planning', position: 3, streamId: stream(1), why: 'BEHIND', attempts: 0 },
  ]);
  expect(rest.parked.pageInfo.hasNextPage).toBe(false);
  const elsewhere = await operate(list, { reader: 'GATEWAY', after: first.pageInfo.endCursor });
  expect(elsewhere.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
});

it('shows what is parked of one stream, and why', async () => {
  const { data } = await operate<{ parkedStream: Events }>(inspect, { id: stream(1), first: 1 });
  expect(data?.parkedStream).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
  expect(data?.parkedStream.edges[0]?.node).toEqual({
    position: 1,
    error: 'PostgreSQL refused a row: 23514 (table agency, constraint known_name)',
    recordedAt: '2022-04-01T00:00:00.000Z',
    data: expect.stringContaining('Xấu 1') as string,
  });
});

it('retries and drops there', async () => {
  const failing = await carriedOut(operate(retry, { id: stream(1) }));
  expect(failing.data?.['retryParked']).toEqual({
    state: 'FAILING',
    applied: 0,
    remaining: 2,
    next: { position: 1, why: 'FAILED' },
  });
  const dropped = await carriedOut(operate(drop, { position: 1 }));
  expect(dropped.data?.['dropParked']).toEqual({ state: 'DONE', applied: 1, remaining: 0, next: null });
  await service.asOwner('ALTER TABLE read.agency DROP CONSTRAINT known_name');
  const mended = await carriedOut(operate(retry, { id: stream(2) }));
  expect(mended.data?.['retryParked']).toEqual({ state: 'DONE', applied: 1, remaining: 0, next: null });
  for (const asking of [operate(retry, { id: stream(2) }), operate(drop, { position: 2 })])
    expect((await asking).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

it('tells which contexts there are', async () => {
  const { errors } = await operate(drop.replace('"planning"', '"Planning"'), { position: 1 });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'context' });
  expect(errors?.[0]?.extensions.messages.en).toBe('"context" is one of: planning, reporting, monitoring.');
});

it('says that a request may have been kept when its service does not answer', async () => {
  const { errors } = await operate(retry, { reader: 'MONITORING_KNOWLEDGE', id: stream(1) });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', retryable: false });
  expect(errors?.[0]?.extensions.messages.en).toContain('Look at "parked" again');
});

describe('a service', () => {
  const servers: Server[] = [];
  const gateways: QueryGateway[] = [];
  afterAll(async () => {
    await Promise.all(gateways.map((one) => one.close()));
    for (const server of servers) server.close();
  });
  const asked = async (desk: (typeof nobody)['monitoring-knowledge']) => {
    const own = await QueryGateway.start({ ...nobody, 'monitoring-knowledge': desk });
    gateways.push(own);
    return (await operate(list, { reader: 'MONITORING_KNOWLEDGE' }, own)).errors?.[0]?.extensions;
  };

  /** Where something answers whatever it is asked with this. */
  async function answering(status: number, body: string): Promise<string> {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    servers.push(server.listen(0, '127.0.0.1'));
    await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('that knows another token is named, with what to do', async () => {
    const refused = await asked(deskAt('monitoring', service.url, 'some-other-token-of-some-other-people'));
    expect(refused).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', retryable: false });
    expect(refused?.messages.en).toContain('Set the same LOA_OPERATOR_TOKEN for both');
  });

  it.each([
    ['has no operations', 404, 'release is older than this gateway'],
    ['does not understand the request', 400, 'release and that of this gateway differ'],
  ])('that %s is not taken to be away, and nothing can have been kept', async (_, status, words) => {
    const url = await answering(status, '{}');
    const desk = deskAt('monitoring', url);
    const refused = await asked(desk);
    expect(refused).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', retryable: false });
    expect(refused?.messages.en).toContain(words);
    await expect(desk.drop({ source: 'planning', position: 1 }, 'x', 'An')).rejects.toThrow(words);
  });

  it.each([
    ['no JSON', 200, 'hello'],
    ['the answer of something else', 200, '{"events":[{"position":1}]}'],
    ['an error', 500, '{"events":[]}'],
  ])('that gives %s is taken to be away', async (_, status, body) => {
    expect(await asked(deskAt('monitoring', await answering(status, body)))).toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      retryable: true,
    });
  });
});
