import { DefineIndicator } from '@loa/contracts-monitoring';
import {
  AttachEvidence,
  CorrectActivity,
  DraftActivity,
  ReturnActivity,
  SubmitActivity,
  VerifyActivity,
} from '@loa/contracts-reporting';
import type { Client } from '@loa/outside';
import { randomUUID } from 'node:crypto';
import {
  aside,
  channel,
  content,
  district,
  front,
  mobilisation,
  neighbour,
  soon,
  standing,
  world,
  type Breakdown,
  type System,
} from './cast.js';
import {
  activityQuery,
  boardOnQuery,
  figuresQuery,
  type ActivityAnswer,
  type Figures,
  type OwingNothing,
} from './questions.js';
import { upload } from './upload.js';
import { contexts, heardByMonitoring, workThrough } from './work.js';

const { plan } = world;

/** From activities that agencies carried out to the figures that follow their verification. */
export function tellOfTheReports(system: System): void {
  let client: Client;
  const activityId = randomUUID();
  const second = randomUUID();
  const indicators = { people: randomUUID(), activities: randomUUID() };
  let correctedAt = '';
  let beforeVerification = '';

  beforeAll(() => {
    client = system.client();
  });
  afterAll(() => client.close());

  const activity = async (id: string, asOf?: string) =>
    (await client.query<{ activity: ActivityAnswer }>(activityQuery, { id, asOf })).activity;
  const figuresOf = (agencyId: string) =>
    client.query<Figures>(figuresQuery, { ...indicators, planId: plan.id, agencyId });

  it('4b. an agency records an activity with evidence and submits it', async () => {
    const own = { activityId, agencyId: district.id };
    // Reporting hears of the plan a moment after planning issued it.
    await soon(() =>
      client.accepted(DraftActivity, { ...meeting, ...own }, { idempotencyKey: `draft-${activityId}` }),
    );
    expect(await client.refused(SubmitActivity, own)).toMatchObject({ code: 'NO_EVIDENCE' });
    await client.accepted(AttachEvidence, {
      ...own,
      evidenceId: randomUUID(),
      title: 'Tin trên trang thông tin điện tử huyện',
      link: 'https://example.org/minh-hoa/ba-be/1',
    });
    await client.accepted(AttachEvidence, {
      ...own,
      evidenceId: randomUUID(),
      title: 'Danh sách đại biểu (minh họa)',
      file: await upload(client, '%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF\n'),
    });
    expect(await client.refused(SubmitActivity, { activityId, agencyId: front.id })).toMatchObject({
      code: 'NOT_YOUR_ACTIVITY',
    });
    await client.accepted(SubmitActivity, own);
  });

  it('5. Sở Nội vụ returns it with a reason; the agency corrects and resubmits; the thread tells it all', async () => {
    const own = { activityId, agencyId: district.id };
    await client.accepted(ReturnActivity, {
      activityId,
      agencyId: standing,
      reason: 'Số đại biểu không khớp danh sách; đề nghị kiểm tra lại.',
    });
    await client.accepted(CorrectActivity, { ...own, reach: [{ audience: 'officials', people: 82 }] });
    const { version } = await client.accepted(SubmitActivity, own);
    const shown = await soon(async () => {
      const found = await activity(activityId);
      expect(found?.version).toBe(version);
      return found;
    });
    expect(shown.status).toBe('SUBMITTED');
    expect(shown.thread.map(({ kind }) => kind)).toEqual([
      'DRAFTED',
      'EVIDENCE_ATTACHED',
      'EVIDENCE_ATTACHED',
      'SUBMITTED',
      'RETURNED',
      'CORRECTED',
      'SUBMITTED',
    ]);
    const corrected = shown.thread.find(({ kind }) => kind === 'CORRECTED')!;
    expect(corrected.changes).toEqual([{ field: 'REACH_OFFICIALS', from: '85', to: '82' }]);
    expect(shown.thread.find(({ kind }) => kind === 'RETURNED')!.reason).toContain('không khớp');
    expect(shown.evidence.map(({ file }) => file?.bytes ?? null)).toEqual([null, expect.any(Number)]);
    correctedAt = corrected.recordedAt;
  });

  if (system.breakdown) tellOfTheBreakdown(system, system.breakdown);

  it('6. indicators, the coverage matrix and the board follow a verification', async () => {
    const definition = { planId: plan.id, agencyId: standing, contentIds: [content.id] };
    const officials = { name: 'Lượt cán bộ dự tập huấn', unit: 'lượt người', target: 164 };
    await client.accepted(DefineIndicator, {
      ...definition,
      ...officials,
      indicatorId: indicators.people,
      measure: 'reach',
      audiences: ['officials'],
      channelIds: [channel.id],
      agencyIds: [district.id],
    });
    const meetings = { name: 'Số hoạt động về thủ tục hành chính', unit: 'hoạt động', target: 2 };
    await client.accepted(DefineIndicator, {
      ...definition,
      ...meetings,
      indicatorId: indicators.activities,
      measure: 'activities',
    });
    await soon(async () =>
      expect(await figuresOf(district.id)).toMatchObject({
        people: { value: 0, achieved: '0.0000', activityCount: 0 },
        activities: { value: 0, achieved: '0.0000', activityCount: 0 },
        why: { totalCount: 0 },
        board: { counts: { submitted: 1, verified: 0 } },
      }),
    );
    beforeVerification = new Date().toISOString();
    await client.accepted(VerifyActivity, { activityId, agencyId: standing });
    const { coverage } = await soon(async () => {
      const found = await figuresOf(district.id);
      expect(found).toMatchObject({
        people: { value: 82, achieved: '0.5000', activityCount: 1 },
        activities: { value: 1, achieved: '0.5000', activityCount: 1 },
        why: { totalCount: 1 },
        board: { counts: { submitted: 0, verified: 1 } },
      });
      return found;
    });
    expect(cellOf(coverage, district.id)).toMatchObject({ verified: 1, submitted: 0 });
  });

  it('6b. a second activity, of another agency, counts where it should and nowhere else', async () => {
    const own = { activityId: second, agencyId: neighbour.id };
    await client.accepted(DraftActivity, { ...meeting, ...own, place: 'Hội trường UBND huyện Pác Nặm' });
    await client.accepted(AttachEvidence, {
      ...own,
      evidenceId: randomUUID(),
      title: 'Giấy mời (minh họa)',
      link: 'https://example.org/minh-hoa/pac-nam/1',
    });
    await client.accepted(SubmitActivity, own);
    await client.accepted(VerifyActivity, { activityId: second, agencyId: standing });
    const { coverage, why } = await soon(async () => {
      const found = await figuresOf(neighbour.id);
      expect(found).toMatchObject({
        // The first indicator looks at one district only.
        people: { value: 82, activityCount: 1 },
        activities: { value: 2, achieved: '1.0000', activityCount: 2 },
        why: { totalCount: 2 },
      });
      return found;
    });
    expect(new Set(why.edges.map(({ node }) => node.activity.id))).toEqual(new Set([activityId, second]));
    expect(cellOf(coverage, neighbour.id)).toMatchObject({ verified: 1, submitted: 0 });
    expect((await activity(second)).status).toBe('VERIFIED');
  });

  it('6c. a requested body that reports nothing is neither late nor missing', async () => {
    const { board } = await client.query<OwingNothing>(boardOnQuery, {
      planId: plan.id,
      agencyId: mobilisation.id,
    });
    expect(board.assignments.length).toBeGreaterThan(0);
    for (const { standing: state } of board.assignments) expect(state).toBe('INVITED');
  });

  it('7. an activity can be asked as of a past instant', async () => {
    expect((await activity(activityId, new Date().toISOString())).status).toBe('VERIFIED');
    expect((await activity(activityId, beforeVerification)).status).toBe('SUBMITTED');
    const corrected = await activity(activityId, correctedAt);
    expect(corrected.status).toBe('RETURNED');
    expect(corrected.reach).toEqual([{ audience: 'OFFICIALS', people: 82 }]);
  });
}

const meeting = {
  planId: plan.id,
  contentId: content.id,
  channelId: channel.id,
  title: 'Hội nghị tập huấn cải cách thủ tục hành chính',
  held: { from: '2022-05-10T08:00:00+07:00', to: '2022-05-10T11:30:00+07:00' },
  place: 'Hội trường UBND huyện Ba Bể',
  quantity: 1,
  reach: [{ audience: 'officials', people: 85 }],
};

const cellOf = ({ rows }: Figures['coverage'], agency: string) =>
  rows.find(({ agencyId }) => agencyId === agency)!.cells.find(({ contentId }) => contentId === content.id);

/** In the middle of the story, with commands of every context on their way; what follows shows that it goes on. */
function tellOfTheBreakdown(system: System, { name, happens }: Breakdown): void {
  it(`5b. ${name}: everything acknowledged is there, once, and the work goes on`, async () => {
    const client = system.client();
    await heardByMonitoring(client, aside);
    expect(await workThrough(client, aside, contexts, happens)).toBeGreaterThan(0);
    client.close();
  }, 180_000);
}
