import { SubmitActivity } from '@loa/contracts-reporting';
import type { CommandAnswer } from '@loa/event-sourcing';
import { DependencyUnavailable } from '@loa/graphql';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { HttpCommandSender } from './http-command.sender.js';

type Reply = { status: number; body?: string } | 'hang up' | 'never';

const accepted: CommandAnswer = {
  status: 'accepted',
  id: 'a1',
  version: 3,
  position: 42,
  streamId: 'a1',
  warnings: [],
};
const refused: CommandAnswer = {
  status: 'refused',
  code: 'no-evidence',
  message: { vi: 'Chưa có minh chứng.', en: 'There is no evidence.' },
};
const envelope = { input: { activityId: 'a1' }, idempotencyKey: 'k-1', expectedVersion: 2 };

let server: Server;
let replies: Reply[];
let heard: {
  url: string | undefined;
  method: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}[];
let pauses: number[];
let noticed: number[];

beforeAll(async () => {
  server = createServer((request, response) => {
    void json(request).then((body) => {
      heard.push({ url: request.url, method: request.method, headers: request.headers, body });
      const reply = replies.shift();
      if (reply === undefined || reply === 'hang up') request.socket.destroy();
      else if (reply !== 'never') response.writeHead(reply.status).end(reply.body ?? '');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  [heard, pauses, noticed] = [[], [], []];
});

function send(...answers: Reply[]): Promise<CommandAnswer> {
  replies = answers;
  const sender = new HttpCommandSender({
    services: { reporting: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` },
    // Short only where a reply never comes: on a busy machine even a quick one may take its time.
    tryMs: answers.includes('never') ? 1_000 : 30_000,
    random: () => 0.5,
    onNoAnswer: (_error, { tries }) => noticed.push(tries),
    pause: (ms) => Promise.resolve(pauses.push(ms)),
  });
  return sender.send(SubmitActivity, envelope);
}
const ok: Reply = { status: 200, body: JSON.stringify(accepted) };

it('posts the command to the door of its context', async () => {
  expect(await send(ok)).toEqual(accepted);
  expect(heard).toMatchObject([
    {
      method: 'POST',
      url: '/commands/SubmitActivity',
      headers: { 'idempotency-key': 'k-1', 'content-type': 'application/json' },
      body: { input: { activityId: 'a1' }, expectedVersion: 2 },
    },
  ]);
  expect(heard[0]?.body).not.toHaveProperty('idempotencyKey');
});

it('brings a refusal back as an answer', async () =>
  expect(await send({ status: 422, body: JSON.stringify(refused) })).toEqual(refused));

it.each<[string, Reply]>([
  ['is away', { status: 503 }],
  ['is behind a proxy that cannot reach it', { status: 502, body: '<html>' }],
  ['hangs up', 'hang up'],
])('tries again with the same key when the service %s', async (_what, reply) => {
  expect(await send(reply, reply, ok)).toEqual(accepted);
  expect(heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['k-1', 'k-1', 'k-1']);
});

it('tries again when an answer does not come in time', async () => {
  expect(await send('never', ok, ok, ok)).toEqual(accepted);
  expect(heard.length).toBeGreaterThan(1);
});

it('gives up after three more tries, each later than the one before', async () => {
  const gone = send('hang up', { status: 503 }, { status: 503 }, { status: 503 }, ok);
  await expect(gone).rejects.toMatchObject({ context: 'reporting', command: 'SubmitActivity' });
  await expect(gone).rejects.toBeInstanceOf(DependencyUnavailable);
  expect(heard).toHaveLength(4);
  expect(pauses).toEqual([50, 100, 200]);
  expect(noticed).toEqual([1, 2, 3, 4]);
});

it.each<[string, Reply]>([
  ['a command it does not know', { status: 404, body: '{"statusCode":404}' }],
  ['a page', { status: 200, body: '<html>' }],
  ['an answer of another shape', { status: 200, body: '{"status":"accepted"}' }],
  ['a refusal that says it went well', { status: 200, body: JSON.stringify(refused) }],
])('does not try again after %s', async (_what, reply) => {
  await expect(send(reply, ok)).rejects.toThrow('reporting answered SubmitActivity with status');
  expect(heard).toHaveLength(1);
});

it('does not try again when the service broke, but says that the outcome is not known', async () => {
  await expect(send({ status: 500, body: '{"status":"failed"}' }, ok)).rejects.toBeInstanceOf(
    DependencyUnavailable,
  );
  expect(heard).toHaveLength(1);
});

it('says when a service is not configured', async () => {
  const sender = new HttpCommandSender({ services: {} });
  await expect(sender.send(SubmitActivity, envelope)).rejects.toThrow(
    'the service of reporting listens is not configured',
  );
});
