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
import { randomInt, randomUUID } from 'node:crypto';
import type { Client } from './client.js';

/** The least that activities can be recorded for: an issued plan of one content and one channel, and an agency it names. */
export interface SmallWorld {
  readonly standing: string;
  readonly issuer: string;
  readonly agency: string;
  readonly planId: string;
  readonly contentId: string;
  readonly channelId: string;
}

const HEARD_WITHIN_MS = 30_000;

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

/** Makes a small world with ids of its own, and waits until reporting has heard of it. */
export async function makeSmallWorld(client: Client): Promise<SmallWorld> {
  const [standing, issuer, agency, planId, contentId, channelId] = Array.from({ length: 6 }, () =>
    randomUUID(),
  ) as [string, string, string, string, string, string];
  const world = { standing, issuer, agency, planId, contentId, channelId };
  const bodies = [
    [issuer, 'UBND tỉnh'],
    [standing, 'Sở Nội vụ'],
    [agency, 'UBND xã Dương Quang'],
  ] as const;
  for (const [agencyId, name] of bodies) {
    await client.accepted(RegisterAgency, { agencyId, name, kind: 'state', level: 'province' });
  }
  await makePlan(client, world);
  const first = randomUUID();
  await eventually(() => client.accepted(DraftActivity, draftOf(world, first), { idempotencyKey: first }), {
    within: HEARD_WITHIN_MS,
  });
  return world;
}

async function makePlan(client: Client, world: SmallWorld): Promise<void> {
  const { standing, issuer, agency, planId, contentId, channelId } = world;
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
  const number = { number: String(randomInt(1e7)), symbol: 'KH-UBND', issuedOn: '2022-03-31' };
  await client.accepted(IssuePlan, { planId, agencyId: issuer, ...number });
}
