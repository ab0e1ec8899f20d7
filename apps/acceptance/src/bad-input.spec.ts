import { IssuePlan, RegisterAgency } from '@loa/contracts-planning';
import { AttachEvidence, CorrectActivity, DraftActivity } from '@loa/contracts-reporting';
import {
  Client,
  draftOf,
  makeSmallWorld,
  mustBeWorded,
  StandaloneProcess,
  Unanswered,
  type SmallWorld,
} from '@loa/outside';
import { createHash, randomUUID } from 'node:crypto';
import { soon } from './cast.js';
import { upload } from './upload.js';

/** As the routes for files answer: a code, and words of their own. */
interface Problem {
  readonly code: string;
  readonly message: { readonly vi: string; readonly en: string };
}

/** That each refusal and error says what to do, in both languages, the client sees to: see `mustBeWorded`. */
describe('bad input, through the gateway', () => {
  let loa: StandaloneProcess;
  let client: Client;
  let world: SmallWorld;

  beforeAll(async () => {
    loa = await StandaloneProcess.prepare();
    await loa.start('--empty');
    client = new Client(loa.url);
    world = await makeSmallWorld(client);
  }, 180_000);
  afterAll(async () => {
    client.close();
    await loa.discard();
  });

  const draft = (change: object = {}) => ({ ...draftOf(world, randomUUID()), ...change });

  it.each<[what: string, change: () => object, code: string, field: string]>([
    [
      'a day that does not exist',
      () => ({ held: { from: '2022-02-30T08:00:00+07:00', to: '2022-03-01T08:00:00+07:00' } }),
      'INVALID_INPUT',
      'held.from',
    ],
    [
      'text that is no instant',
      () => ({ held: { from: 'hôm qua', to: 'hôm nay' } }),
      'INVALID_INPUT',
      'held.from',
    ],
    [
      'an end before the start',
      () => ({ held: { from: '2022-06-02T08:00:00Z', to: '2022-06-01T08:00:00Z' } }),
      'ENDS_BEFORE_START',
      'held.to',
    ],
    ['a number out of range', () => ({ quantity: 0 }), 'INVALID_INPUT', 'quantity'],
    [
      'a reach below nothing',
      () => ({ reach: [{ audience: 'citizens', people: -1 }] }),
      'INVALID_INPUT',
      'reach.0.people',
    ],
    [
      'one audience twice',
      () => ({
        reach: [
          { audience: 'citizens', people: 1 },
          { audience: 'citizens', people: 2 },
        ],
      }),
      'INVALID_INPUT',
      'reach',
    ],
    ['text that is too long', () => ({ title: 'x'.repeat(501) }), 'INVALID_INPUT', 'title'],
    ['text of white space', () => ({ title: '   ' }), 'INVALID_INPUT', 'title'],
    ['U+0000', () => ({ place: 'xã\u0000' }), 'INVALID_INPUT', 'place'],
    ['an id that is none', () => ({ contentId: 'nội-dung-1' }), 'INVALID_INPUT', 'contentId'],
    ['an unknown content', () => ({ contentId: randomUUID() }), 'CONTENT_NOT_IN_PLAN', 'contentId'],
    ['an unknown channel', () => ({ channelId: randomUUID() }), 'CHANNEL_NOT_IN_PLAN', 'channelId'],
    ['an unknown plan', () => ({ planId: randomUUID() }), 'PLAN_NOT_KNOWN', 'planId'],
    ['an unknown agency', () => ({ agencyId: randomUUID() }), 'AGENCY_NOT_KNOWN', 'agencyId'],
  ])('%s: refused with a stable code and the field', async (_, change, code, field) =>
    expect(await client.refused(DraftActivity, draft(change()))).toMatchObject({ code, field }),
  );

  it('an issue date that does not exist', async () =>
    expect(
      await client.refused(IssuePlan, {
        planId: world.planId,
        agencyId: world.issuer,
        number: '1',
        symbol: 'KH-UBND',
        issuedOn: '2022-02-29',
      }),
    ).toMatchObject({ code: 'INVALID_INPUT', field: 'issuedOn' }));

  it('a time of happening on a day that does not exist', async () =>
    expect(
      await client.refused(DraftActivity, draft(), { occurredAt: '2022-02-30T08:00:00Z' }),
    ).toMatchObject({ code: 'INVALID_INPUT', field: 'occurredAt' }));

  it('an evidence link that is no address, and evidence of neither kind', async () => {
    const { id: activityId } = await client.accepted(DraftActivity, draft());
    const attach = { activityId, agencyId: world.agency, evidenceId: randomUUID(), title: 'Ảnh' };
    for (const link of ['javascript:alert(1)', 'ảnh hội nghị'])
      expect(await client.refused(AttachEvidence, { ...attach, link })).toMatchObject({
        code: 'INVALID_INPUT',
        field: 'link',
      });
    expect(await client.refused(AttachEvidence, attach)).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'link',
    });
  });

  it('a file that never came, and one of another size', async () => {
    const { id: activityId } = await client.accepted(DraftActivity, draft());
    const attach = { activityId, agencyId: world.agency, evidenceId: randomUUID(), title: 'Biên bản' };
    const file = { sha256: 'ab'.repeat(32), bytes: 10, mediaType: 'application/pdf', name: 'bien-ban.pdf' };
    expect(await client.refused(AttachEvidence, { ...attach, file })).toMatchObject({
      code: 'FILE_NOT_UPLOADED',
    });
    const arrived = await upload(client, '%PDF-1.7\nbien ban\n%%EOF\n');
    const refused = await client.refused(AttachEvidence, {
      ...attach,
      file: { ...arrived, bytes: arrived.bytes + 1 },
    });
    expect(refused).toMatchObject({ code: 'FILE_DIFFERS', field: 'file.bytes' });
    expect(refused.en).toContain(String(arrived.bytes));
  });

  it('an upload with another hash than declared keeps nothing', async () => {
    const sha256 = createHash('sha256').update('declared').digest('hex');
    const response = await fetch(`${loa.url}/files/${sha256}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/pdf' },
      body: '%PDF-1.7 sent',
    });
    expect(response.status).toBe(422);
    const { code, message } = (await response.json()) as Problem;
    expect(code).toBe('hash-differs');
    mustBeWorded({ code, ...message });
    expect((await fetch(`${loa.url}/files/${sha256}`)).status).toBe(404);
  });

  it('an upload over the limit', async () => {
    const bytes = Buffer.alloc(25 * 1024 * 1024 + 1, '%PDF');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const response = await fetch(`${loa.url}/files/${sha256}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/pdf' },
      body: bytes,
    });
    const { code, message } = (await response.json()) as Problem;
    expect([response.status, code]).toEqual([413, 'too-large']);
    mustBeWorded({ code, ...message });
  });

  it('text in NFD is kept in NFC', async () => {
    const { id, version } = await client.accepted(
      DraftActivity,
      draft({ title: 'Ủy ban nhân dân xã'.normalize('NFD') }),
    );
    const { activity } = await soon(async () => {
      const found = await client.query<{ activity: { title: string; version: number } | null }>(
        'query ($id: ID!) { activity(id: $id) { title version } }',
        { id },
      );
      expect(found.activity?.version).toBe(version);
      return found;
    });
    expect(activity!.title).toBe('Ủy ban nhân dân xã'.normalize('NFC'));
  });

  it('the same key: the same answer; another wish under it: refused', async () => {
    const wish = draft();
    const envelope = { idempotencyKey: randomUUID() };
    const first = await client.accepted(DraftActivity, wish, envelope);
    expect(await client.accepted(DraftActivity, wish, envelope)).toEqual(first);
    expect(await client.refused(DraftActivity, draft(), envelope)).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('a stale version: refused, and told the current one', async () => {
    const { id: activityId } = await client.accepted(DraftActivity, draft());
    await client.accepted(
      CorrectActivity,
      { activityId, agencyId: world.agency, quantity: 2 },
      { expectedVersion: 1 },
    );
    const stale = await client.refused(
      CorrectActivity,
      { activityId, agencyId: world.agency, quantity: 3 },
      { expectedVersion: 1 },
    );
    expect(stale).toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(stale.en).toContain('2');
    expect(stale.vi).toContain('2');
  });

  it.each([
    [
      'an unknown command',
      'mutation { dropEverything(input: {}) { __typename } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'an unknown field of the answer',
      '{ agencies { edges { node { shoeSize } } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'an unknown field of the input',
      'mutation { submitActivity(input: { activityId: "x", agencyId: "y", colour: "red" }) { __typename } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a wrong type',
      'mutation { submitActivity(input: { activityId: 7.5, agencyId: true }) { __typename } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['no GraphQL at all', 'SELECT * FROM activity', 'GRAPHQL_PARSE_FAILED'],
  ])('%s: an error with a stable code', async (_, query, code) => {
    const { errors, data } = await client.ask(query);
    expect(data ?? null).toBeNull();
    expect(new Set(errors!.map(({ extensions }) => extensions?.['code']))).toEqual(new Set([code]));
  });

  it('300 KB of text in a query: too large', async () => {
    const { errors } = await client.ask('query ($x: String) { agencies(search: $x) { totalCount } }', {
      x: 'x'.repeat(300_000),
    });
    expect(errors![0]!.extensions).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('300 KB of text in a mutation: too large, what to do instead, and nothing is recorded', async () => {
    const wish = draft({ title: 'ệ'.repeat(100_000) });
    const refused = (await client
      .command(DraftActivity, wish)
      .catch((error: unknown) => error)) as Unanswered;
    expect(refused).toBeInstanceOf(Unanswered);
    expect(refused.errors[0]!.extensions).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      messages: {
        vi: expect.stringMatching(/256 KB.*Rút ngắn văn bản/),
        en: expect.stringMatching(/256 KB.*Shorten the text/),
      },
    });
    // The connection is fit for use, and the id for another wish.
    expect((await client.accepted(DraftActivity, { ...wish, title: 'Ngắn' })).version).toBe(1);
  });

  it('a code that another body holds', async () => {
    const body = { name: 'UBND tỉnh khác', kind: 'state', level: 'province', gsoCode: '06' };
    await client.accepted(RegisterAgency, { ...body, agencyId: randomUUID() });
    const refused = await client.refused(RegisterAgency, { ...body, agencyId: randomUUID() });
    expect(refused).toMatchObject({ code: 'CODE_TAKEN' });
    expect(refused.vi).toContain('06');
  });

  it('a page that is too large, and a cursor that is none', async () => {
    for (const query of [
      '{ agencies(first: 1000) { totalCount } }',
      '{ agencies(after: "nonsense") { totalCount } }',
    ]) {
      const { errors } = await client.ask(query);
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });
});
