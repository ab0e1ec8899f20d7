import { DefineIndicator } from '@loa/contracts-monitoring';
import {
  AttachEvidence,
  CorrectActivity,
  DraftActivity,
  ReturnActivity,
  SubmitActivity,
  VerifyActivity,
} from '@loa/contracts-reporting';
import { randomUUID } from 'node:crypto';
import {
  channel,
  content,
  district,
  front,
  mobilisation,
  soon,
  standing,
  world,
  type System,
} from './cast.js';
import type { Client } from './client.js';
import {
  activityQuery,
  figuresQuery,
  planQuery,
  type ActivityAnswer,
  type Figures,
  type PlanAnswer,
} from './questions.js';
import { upload } from './upload.js';

const { plan } = world;

/** From an activity that an agency carried out to the figures that follow its verification. */
export function tellOfTheReports(system: System): void {
  let client: Client;
  const activityId = randomUUID();
  const indicatorId = randomUUID();
  let correctedAt = '';
  let beforeVerification = '';

  beforeAll(() => {
    client = system.client();
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
