import { AcknowledgeAssignment, DraftPlan, IssuePlan, AddContent } from '@loa/contracts-planning';
import { DefineIndicator } from '@loa/contracts-monitoring';
import {
  AttachEvidence,
  CorrectActivity,
  DraftActivity,
  ReturnActivity,
  SubmitActivity,
  VerifyActivity,
} from '@loa/contracts-reporting';
import { bacKanWorld, sow } from '@loa/seed';
import { eventually } from '@loa/testing';
import { createHash, randomUUID } from 'node:crypto';
import { Client, type Accepted } from './client.js';

const world = bacKanWorld();
const { agencies, plan, contents, channels, assignments } = world;
const standing = agencies['so-noi-vu'].id;
const issuer = agencies['ubnd-tinh'].id;
const district = agencies['huyen-ba-be']!;
const front = agencies['mttq-tinh'];
const mobilisation = agencies['ban-dan-van'];
const content = contents['thu-tuc-hanh-chinh'];
const channel = channels['hoi-nghi'];

/** Visible within "a second or two": asked until it is so. */
const soon = <T>(check: () => Promise<T>) => eventually(check, { within: 20_000 });

export interface System {
  client(): Client;
}

/** What a province does with its plan, from the directory to the figures. The same on every way of running. */
export function tellStory(system: System): void {
  let client: Client;
  const activityId = randomUUID();
  const indicatorId = randomUUID();
  let correctedAt = '';
  let beforeVerification = '';

  beforeAll(() => {
    client = system.client();
  });

  it('1. agencies are registered from real data', async () => {
    await sow(
      { ...world, commands: world.commands.filter(({ phase }) => phase === 'directory') },
      ({ contract, input, ...envelope }) => granted(client, contract, input, envelope),
    );
    const counts = await soon(async () => {
      const level = (name: string) =>
        client.query<{ agencies: { totalCount: number } }>(
          `query { agencies(level: ${name}, first: 1) { totalCount } }`,
        );
      const [districts, communes] = [await level('DISTRICT'), await level('COMMUNE')];
      expect(communes.agencies.totalCount).toBe(108);
      return { districts: districts.agencies.totalCount, communes: communes.agencies.totalCount };
    });
    expect(counts).toEqual({ districts: 8, communes: 108 });
    const { agencies: found } = await client.query<{
      agencies: { edges: { node: { name: string; gsoCode: string } }[] };
    }>(`query { agencies(search: "pac nam", level: DISTRICT) { edges { node { name gsoCode kind } } } }`);
    expect(found.edges.map(({ node }) => node)).toEqual([
      { name: 'UBND huyện Pác Nặm', gsoCode: '060', kind: 'STATE' },
    ]);
  });

  it('2. Sở Nội vụ drafts the plan and assigns its contents', async () => {
    const drafting = world.commands.filter(
      ({ phase, contract }) =>
        phase === 'plan' && contract.name !== 'IssuePlan' && contract.name !== 'AcknowledgeAssignment',
    );
    for (const { contract, input, ...envelope } of drafting) await client.accepted(contract, input, envelope);
    const draft = await soon(async () => {
      const { plan: found } = await client.query<{ plan: PlanAnswer }>(planQuery, { id: plan.id });
      expect(found?.assignments).toHaveLength(Object.keys(assignments).length);
      return found;
    });
    expect(draft).toMatchObject({
      status: 'DRAFT',
      issuer: { name: 'UBND tỉnh Bắc Kạn' },
      standingAgency: { name: 'Sở Nội vụ' },
      provenance: { author: 'Lý Thuấn' },
    });
    expect(draft.contents).toHaveLength(11);
    expect(draft.contents.every(({ illustrative }) => illustrative)).toBe(true);
    expect(new Set(draft.assignments.map(({ deadline }) => deadline.kind))).toEqual(
      new Set(['BY_DATE', 'CONTINUOUS', 'YEAR', 'RECURRING', 'AFTER_EVENT', 'SEPARATE_PLAN', 'NONE']),
    );
    expect(new Set(draft.assignments.map(({ mode }) => mode))).toEqual(new Set(['ASSIGNED', 'REQUESTED']));
  });

  it('3. UBND tỉnh issues it; its number is its own, also when two are issued at the same instant', async () => {
    const issue = { agencyId: issuer, number: plan.number, symbol: plan.symbol, issuedOn: plan.issuedOn };
    const rival = randomUUID();
    await client.accepted(DraftPlan, {
      planId: rival,
      agencyId: standing,
      issuerId: issuer,
      title: 'Kế hoạch khác',
      year: 2022,
      purposes: [],
      requirements: [],
    });
    await client.accepted(AddContent, {
      planId: rival,
      agencyId: standing,
      contentId: randomUUID(),
      title: 'Nội dung',
    });
    expect(await client.refused(IssuePlan, { planId: plan.id, ...issue, agencyId: standing })).toMatchObject({
      code: 'NOT_THE_ISSUER',
    });
    const answers = await Promise.all(
      [plan.id, rival].map((planId) => client.command(IssuePlan, { planId, ...issue })),
    );
    const [accepted] = answers.filter(({ __typename }) => __typename === 'CommandAccepted') as Accepted[];
    const refused = answers.find(({ __typename }) => __typename === 'IssuePlanRefused');
    expect(answers).toHaveLength(2);
    expect(refused).toMatchObject({ code: 'NUMBER_TAKEN' });
    // Either may win the race; the story goes on with 211/KH-UBND under the seed's id.
    if (accepted!.id === rival) {
      await client.accepted(IssuePlan, { planId: plan.id, ...issue, number: '212' });
    } else {
      expect(
        await client.refused(IssuePlan, { planId: rival, ...issue, number: `0${plan.number}` }),
      ).toMatchObject({
        code: 'NUMBER_TAKEN',
      });
    }
    await soon(async () => {
      const { plan: found } = await client.query<{ plan: PlanAnswer }>(planQuery, { id: plan.id });
      expect(found.status).toBe('ISSUED');
    });
  });

  it('4a. agencies acknowledge what they were assigned, and only that', async () => {
    const { id: assignmentId } = Object.values(assignments).find(({ leads }) =>
      leads.some(({ id }) => id === district.id),
    )!;
    const acknowledge = { planId: plan.id, assignmentId, agencyId: district.id };
    await client.accepted(AcknowledgeAssignment, acknowledge);
    expect(
      await client.refused(AcknowledgeAssignment, { ...acknowledge, agencyId: mobilisation.id }),
    ).toMatchObject({
      code: 'NOT_YOUR_ASSIGNMENT',
    });
    await soon(async () => {
      const { plan: found } = await client.query<{ plan: PlanAnswer }>(planQuery, { id: plan.id });
      const lead = found.assignments
        .find(({ id }) => id === assignmentId)!
        .leads.find(({ agencyId }) => agencyId === district.id);
      expect(lead!.acknowledgedAt).not.toBeNull();
    });
  });

  it('4b. an agency records an activity with evidence and submits it', async () => {
    const draft = {
      activityId,
      agencyId: district.id,
      planId: plan.id,
      contentId: content.id,
      channelId: channel.id,
      title: 'Hội nghị tập huấn cải cách thủ tục hành chính',
      held: { from: '2022-05-10T08:00:00+07:00', to: '2022-05-10T11:30:00+07:00' },
      place: 'Hội trường UBND huyện Ba Bể',
      quantity: 1,
      reach: [{ audience: 'officials', people: 85 }],
    };
    // Reporting hears of the plan a moment after planning issued it.
    await soon(() => client.accepted(DraftActivity, draft, { idempotencyKey: `draft-${activityId}` }));
    expect(await client.refused(SubmitActivity, { activityId, agencyId: district.id })).toMatchObject({
      code: 'NO_EVIDENCE',
    });
    await client.accepted(AttachEvidence, {
      activityId,
      agencyId: district.id,
      evidenceId: randomUUID(),
      title: 'Tin trên trang thông tin điện tử huyện',
      link: 'https://example.org/minh-hoa/ba-be/1',
    });
    await client.accepted(AttachEvidence, {
      activityId,
      agencyId: district.id,
      evidenceId: randomUUID(),
      title: 'Danh sách đại biểu (minh họa)',
      file: await upload(client, '%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF\n'),
    });
    expect(await client.refused(SubmitActivity, { activityId, agencyId: front.id })).toMatchObject({
      code: 'NOT_YOUR_ACTIVITY',
    });
    await client.accepted(SubmitActivity, { activityId, agencyId: district.id });
  });

  it('5. Sở Nội vụ returns it with a reason; the agency corrects and resubmits; the thread tells it all', async () => {
    await client.accepted(ReturnActivity, {
      activityId,
      agencyId: standing,
      reason: 'Số đại biểu không khớp danh sách; đề nghị kiểm tra lại.',
    });
    await client.accepted(CorrectActivity, {
      activityId,
      agencyId: district.id,
      reach: [{ audience: 'officials', people: 82 }],
    });
    const { version } = await client.accepted(SubmitActivity, { activityId, agencyId: district.id });
    const { activity } = await soon(async () => {
      const found = await client.query<{ activity: ActivityAnswer }>(activityQuery, { id: activityId });
      expect(found.activity?.version).toBe(version);
      return found;
    });
    expect(activity.status).toBe('SUBMITTED');
    expect(activity.thread.map(({ kind }) => kind)).toEqual([
      'DRAFTED',
      'EVIDENCE_ATTACHED',
      'EVIDENCE_ATTACHED',
      'SUBMITTED',
      'RETURNED',
      'CORRECTED',
      'SUBMITTED',
    ]);
    const corrected = activity.thread.find(({ kind }) => kind === 'CORRECTED')!;
    expect(corrected.changes).toEqual([{ field: 'REACH_OFFICIALS', from: '85', to: '82' }]);
    expect(activity.thread.find(({ kind }) => kind === 'RETURNED')!.reason).toContain('không khớp');
    expect(activity.evidence.map(({ file }) => file?.bytes ?? null)).toEqual([null, expect.any(Number)]);
    correctedAt = corrected.recordedAt;
  });

  it('6. an indicator, the coverage matrix and the board follow a verification', async () => {
    await soon(() =>
      client.accepted(
        DefineIndicator,
        {
          indicatorId,
          planId: plan.id,
          agencyId: standing,
          name: 'Lượt cán bộ dự tập huấn',
          unit: 'lượt người',
          measure: 'reach',
          audiences: ['officials'],
          contentIds: [content.id],
          channelIds: [channel.id],
          agencyIds: [district.id],
          target: 164,
        },
        { idempotencyKey: `define-${indicatorId}` },
      ),
    );
    const figures = () =>
      client.query<Figures>(figuresQuery, { indicatorId, planId: plan.id, agencyId: district.id });
    await soon(async () => expect((await figures()).indicator).toMatchObject({ value: 0 }));
    beforeVerification = new Date().toISOString();
    await client.accepted(VerifyActivity, { activityId, agencyId: standing });
    const acceptedAt = Date.now();
    const { indicator, coverage, board } = await soon(async () => {
      const found = await figures();
      expect(found.indicator).toMatchObject({ value: 82, activityCount: 1 });
      return found;
    });
    expect(Date.now() - acceptedAt).toBeLessThan(10_000);
    expect(indicator.achieved).toBe('0.5000');
    const row = coverage.rows.find(({ agencyId }) => agencyId === district.id)!;
    expect(row.cells.find(({ contentId }) => contentId === content.id)).toMatchObject({
      verified: 1,
      submitted: 0,
    });
    expect(board.counts).toMatchObject({ verified: 1, submitted: 0 });
  });

  it('6b. a requested body that reports nothing is neither late nor missing', async () => {
    const { board } = await client.query<Figures>(
      `query ($planId: ID!, $agencyId: ID!) { board(planId: $planId, agencyId: $agencyId, on: "2023-12-31") {
         assignments { standing assignment { mode } } counts { verified submitted returned drafted } } }`,
      { planId: plan.id, agencyId: mobilisation.id },
    );
    expect(board.assignments.length).toBeGreaterThan(0);
    for (const { standing: state } of board.assignments) expect(state).toBe('INVITED');
  });

  it('7. single things can be asked as of a past instant', async () => {
    const asOf = async (instant: string) =>
      (await client.query<{ activity: ActivityAnswer }>(activityQuery, { id: activityId, asOf: instant }))
        .activity;
    const now = await asOf(new Date().toISOString());
    expect(now.status).toBe('VERIFIED');
    const then = await asOf(beforeVerification);
    expect(then.status).toBe('SUBMITTED');
    const corrected = await asOf(correctedAt);
    expect(corrected.status).toBe('RETURNED');
    expect(corrected.reach).toEqual([{ audience: 'OFFICIALS', people: 82 }]);
    const { plan: before } = await client.query<{ plan: PlanAnswer | null }>(planQuery, {
      id: plan.id,
      asOf: '2020-01-01T00:00:00Z',
    });
    expect(before).toBeNull();
  });
}

async function granted(client: Client, ...[contract, input, envelope]: Parameters<Client['accepted']>) {
  const { id, version, position } = await client.accepted(contract, input, envelope);
  return { status: 'accepted' as const, id, version, position, warnings: [] };
}

/** @returns the file as evidence names it */
export async function upload(client: Client, text: string) {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const response = await fetch(`${client.url}/files/${sha256}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/pdf' },
    body: bytes,
  });
  expect([response.status, await response.json()]).toEqual([
    201,
    { sha256, bytes: bytes.length, mediaType: 'application/pdf' },
  ]);
  return { sha256, bytes: bytes.length, mediaType: 'application/pdf', name: 'danh-sach.pdf' };
}

interface PlanAnswer {
  readonly status: string;
  readonly contents: readonly { readonly illustrative: boolean }[];
  readonly assignments: readonly {
    readonly id: string;
    readonly mode: string;
    readonly deadline: { readonly kind: string };
    readonly leads: readonly { readonly agencyId: string; readonly acknowledgedAt: string | null }[];
  }[];
}

const planQuery = `query ($id: ID!, $asOf: DateTime) { plan(id: $id, asOf: $asOf) {
  status number symbol issuedOn title issuer { name } standingAgency { name } provenance { source author }
  contents { title illustrative }
  assignments { id mode deadline { kind date text } leads { agencyId acknowledgedAt } }
} }`;

interface ActivityAnswer {
  readonly status: string;
  readonly version: number;
  readonly reach: readonly { readonly audience: string; readonly people: number }[];
  readonly evidence: readonly { readonly file: { readonly bytes: number } | null }[];
  readonly thread: readonly {
    readonly kind: string;
    readonly recordedAt: string;
    readonly reason: string | null;
    readonly changes: readonly {
      readonly field: string;
      readonly from: string | null;
      readonly to: string | null;
    }[];
  }[];
}

const activityQuery = `query ($id: ID!, $asOf: DateTime) { activity(id: $id, asOf: $asOf) {
  status version title reach { audience people } evidence { title link file { sha256 bytes url } }
  thread { version kind occurredAt recordedAt reason changes { field from to } }
} }`;

interface Figures {
  readonly indicator: {
    readonly value: number;
    readonly achieved: string | null;
    readonly activityCount: number;
  };
  readonly coverage: {
    readonly rows: readonly {
      readonly agencyId: string;
      readonly cells: readonly {
        readonly contentId: string;
        readonly verified: number;
        readonly submitted: number;
      }[];
    }[];
  };
  readonly board: {
    readonly counts: { readonly verified: number; readonly submitted: number };
    readonly assignments: readonly { readonly standing: string }[];
  };
}

const figuresQuery = `query ($indicatorId: ID!, $planId: ID!, $agencyId: ID!) {
  indicator(id: $indicatorId) { name target value achieved activityCount }
  coverage(planId: $planId, agencyIds: [$agencyId]) { rows { agencyId cells { contentId verified submitted } } }
  board(planId: $planId, agencyId: $agencyId) { counts { drafted submitted returned verified } assignments { standing } }
}`;
