import {
  AddChannel,
  AddContent,
  AssignContent,
  DraftPlan,
  IssuePlan,
  RegisterAgency,
} from '@loa/contracts-planning';
import { DraftActivity } from '@loa/contracts-reporting';
import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import type { Client } from './client.js';

/** The least that activities can be recorded for: a plan of one content and one channel, and an agency it names. */
export interface SmallWorld {
  readonly standing: string;
  readonly issuer: string;
  readonly agency: string;
  readonly planId: string;
  readonly contentId: string;
  readonly channelId: string;
}

/** An activity of the small world, as an agency would word it. */
export const draftOf = (world: SmallWorld, activityId: string) => ({
  activityId,
  agencyId: world.agency,
  planId: world.planId,
  contentId: world.contentId,
  channelId: world.channelId,
  title: 'Phát thanh chuyên mục cải cách hành chính',
  held: { from: '2022-06-01T06:00:00+07:00', to: '2022-06-01T06:15:00+07:00' },
  place: 'Đài truyền thanh xã',
  quantity: 1,
  reach: [{ audience: 'citizens', people: 300 }],
});

export async function makeSmallWorld(client: Client): Promise<SmallWorld> {
  const [standing, issuer, agency, planId, contentId, channelId] = Array.from({ length: 6 }, () =>
    randomUUID(),
  ) as [string, string, string, string, string, string];
  const bodies = [
    [issuer, 'UBND tỉnh'],
    [standing, 'Sở Nội vụ'],
    [agency, 'UBND xã Dương Quang'],
  ] as const;
  for (const [agencyId, name] of bodies) {
    await client.accepted(RegisterAgency, { agencyId, name, kind: 'state', level: 'province' });
  }
  const plan = { planId, agencyId: standing };
  const draft = { issuerId: issuer, title: 'Kế hoạch thử', year: 2022, purposes: [], requirements: [] };
  await client.accepted(DraftPlan, { ...plan, ...draft });
  await client.accepted(AddContent, { ...plan, contentId, title: 'Cải cách thủ tục hành chính' });
  await client.accepted(AddChannel, { ...plan, channelId, name: 'Truyền thanh cơ sở', unit: 'lượt phát' });
  await client.accepted(AssignContent, {
    ...plan,
    assignmentId: randomUUID(),
    contentId,
    mode: 'assigned',
    leads: [agency],
    deadline: { kind: 'continuous', text: 'Thường xuyên' },
  });
  const number = String(Math.floor(Math.random() * 1e7));
  await client.accepted(IssuePlan, {
    planId,
    agencyId: issuer,
    number,
    symbol: 'KH-UBND',
    issuedOn: '2022-03-31',
  });
  const world = { standing, issuer, agency, planId, contentId, channelId };
  const first = randomUUID();
  // Reporting hears of the plan a moment later.
  await eventually(() => client.accepted(DraftActivity, draftOf(world, first), { idempotencyKey: first }), {
    within: 20_000,
  });
  return world;
}
