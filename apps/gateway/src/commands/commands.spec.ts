import { reporting, AttachEvidence, DraftActivity } from '@loa/contracts-reporting';
import { planning } from '@loa/contracts-planning';
import {
  reasonsOf,
  type CommandAnswer,
  type CommandContract,
  type CommandEnvelope,
} from '@loa/event-sourcing';
import { DependencyUnavailable } from '@loa/graphql';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { EdgeDriverConfig } from '../graphql/edge-apollo.driver.js';
import { EdgeApolloDriver } from '../graphql/edge-apollo.driver.js';
import { graphqlOptions } from '../graphql/graphql.options.js';
import { minPositionText } from '../read-models/freshness/min-position.js';
import { COMMANDS, CommandsModule, type Commands } from './commands.module.js';

let sent: { contract: CommandContract; envelope: CommandEnvelope }[];
let answer: () => CommandAnswer;
const sender = {
  send: (contract: CommandContract, envelope: CommandEnvelope) => {
    sent.push({ contract, envelope });
    return Promise.resolve().then(() => answer());
  },
};

const commandsModule = CommandsModule.forRoot({ contexts: [planning, reporting], sender });

@Module({
  imports: [
    commandsModule,
    GraphQLModule.forRootAsync<EdgeDriverConfig>({
      driver: EdgeApolloDriver,
      imports: [commandsModule],
      inject: [COMMANDS],
      useFactory: ({ typeDefs, resolvers }: Commands) =>
        graphqlOptions({
          typeDefs: [typeDefs, 'extend type Query { nothing: Boolean }'],
          resolvers: [resolvers],
          introspection: false,
          onIncident: () => undefined,
        }),
    }),
  ],
})
class TinyModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(TinyModule, new FastifyAdapter(), { logger: false });
  await app.init();
});
afterAll(() => app.close());
beforeEach(() => {
  sent = [];
  answer = () => ({
    status: 'accepted',
    id: 'a1',
    version: 1,
    position: 2 ** 33,
    streamId,
    warnings: [],
  });
});

const streamId = '00000000-0000-4000-8000-0000000000a1';

interface Told {
  data?: Record<string, Record<string, unknown>> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

async function ask(query: string, variables: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const { body } = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers,
    payload: { query, variables },
  });
  return JSON.parse(body) as Told;
}

const draft = `mutation ($input: DraftActivityInput!, $key: ID, $version: Int, $at: DateTime) {
  draftActivity(input: $input, idempotencyKey: $key, expectedVersion: $version, occurredAt: $at) {
    __typename
    ... on CommandAccepted { id version position minPosition warnings { code field message en: message(lang: EN) } }
    ... on CommandRefused { message en: message(lang: EN) field }
    ... on DraftActivityRefused { code }
  }
}`;
const input = {
  agencyId: 'g1',
  planId: 'p1',
  contentId: 'c1',
  channelId: 'h1',
  title: 'Tin bài',
  held: { from: '2022-04-18T08:00:00+07:00', to: 'no instant' },
  place: 'Bắc Kạn',
  quantity: 1,
  reach: [{ audience: 'CITIZENS', people: 12 }],
};
const refusal = (contract: CommandContract, code: string, field?: string): CommandAnswer => ({
  status: 'refused',
  code,
  message: reasonsOf(contract)[code] ?? { vi: 'Lý do mới.', en: 'A new reason.' },
  ...(field !== undefined && { field }),
});

it('hands the command over as its contract wants it, and leaves the judgement to the door', async () => {
  const { data, errors } = await ask(draft, {
    input: { ...input, activityId: null },
    key: 'k-1',
    version: 4,
    at: 'yesterday',
  });
  expect(errors).toBeUndefined();
  expect(data?.['draftActivity']).toEqual({
    __typename: 'CommandAccepted',
    id: 'a1',
    version: 1,
    position: 2 ** 33,
    minPosition: minPositionText({ context: 'reporting', position: 2 ** 33, streamId }),
    warnings: [],
  });
  expect(sent).toEqual([
    {
      contract: DraftActivity,
      envelope: {
        input: { ...input, reach: [{ audience: 'citizens', people: 12 }] },
        idempotencyKey: 'k-1',
        expectedVersion: 4,
        occurredAt: 'yesterday',
      },
    },
  ]);
});

it('leaves out where to wait for the effect when the service does not say it', async () => {
  answer = () => ({ status: 'accepted', id: 'a1', version: 1, position: 1, streamId: '', warnings: [] });
  expect((await ask(draft, { input })).data?.['draftActivity']).toMatchObject({ minPosition: null });
});

it('makes an idempotency key for a client that gives none', async () => {
  await ask(draft, { input });
  await ask(draft, { input });
  const [first, second] = sent.map(({ envelope }) => envelope);
  expect(first?.idempotencyKey).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.idempotencyKey).not.toBe(first?.idempotencyKey);
  expect(first).not.toHaveProperty('occurredAt');
});

it('answers a refusal as a typed result, in the language asked for', async () => {
  answer = () => refusal(DraftActivity, 'content-not-in-plan', 'contentId');
  const english = { 'accept-language': 'en' };
  const vi = (await ask(draft, { input })).data?.['draftActivity'];
  expect(vi).toEqual({
    __typename: 'DraftActivityRefused',
    code: 'CONTENT_NOT_IN_PLAN',
    field: 'contentId',
    message: 'Nội dung này không có trong kế hoạch. Chọn một nội dung của kế hoạch.',
    en: 'This content is not in the plan. Choose a content of the plan.',
  });
  expect((await ask(draft, { input }, english)).data?.['draftActivity']?.['message']).toBe(vi?.['en']);
});

it('hands on warnings', async () => {
  const message = DraftActivity.warnings['not-assigned']!;
  answer = () => ({
    status: 'accepted',
    id: 'a1',
    version: 1,
    position: 1,
    streamId: 'a1',
    warnings: [{ code: 'not-assigned', message }],
  });
  expect((await ask(draft, { input })).data?.['draftActivity']?.['warnings']).toEqual([
    { code: 'not-assigned', field: null, message: message.vi, en: message.en },
  ]);
});

it.each([
  ['idempotencyKey', { key: 'khóa' }],
  ['idempotencyKey', { key: '' }],
  ['idempotencyKey', { key: 'k'.repeat(201) }],
  ['expectedVersion', { version: -1 }],
  ['occurredAt', { at: '2022-04-18'.repeat(6) }],
])('refuses what could not travel: %s', async (field, variables) => {
  const { data } = await ask(draft, { input, ...variables });
  expect(data?.['draftActivity']).toMatchObject({ code: 'INVALID_INPUT', field });
  expect(sent).toEqual([]);
});

it('says what to do when the service gives no answer, with the key to send again with', async () => {
  answer = () => {
    throw new DependencyUnavailable('reporting', 'DraftActivity');
  };
  const { data, errors } = await ask(draft, { input });
  expect(data).toBeNull();
  const key = sent[0]!.envelope.idempotencyKey;
  expect(errors![0]!.extensions).toEqual({
    code: 'DEPENDENCY_UNAVAILABLE',
    retryable: true,
    context: 'reporting',
    command: 'DraftActivity',
    idempotencyKey: key,
    messages: {
      en: errors![0]!.message,
      vi: expect.stringContaining(`Gửi lại đúng lệnh này với cùng idempotencyKey ${key}`) as string,
    },
  });
});

it('tells a reason that this schema does not have yet as an error, in both languages', async () => {
  answer = () => refusal(AttachEvidence, 'brand-new');
  const { errors } = await ask(draft, { input });
  expect(errors![0]!.extensions).toEqual({
    code: 'COMMAND_REFUSED',
    reason: 'brand-new',
    messages: { vi: 'Lý do mới.', en: 'A new reason.' },
  });
});

it('hides what broke', async () => {
  answer = () => {
    throw new Error('secret');
  };
  const { errors } = await ask(draft, { input });
  expect(errors![0]!.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
  expect(JSON.stringify(errors)).not.toContain('secret');
});
