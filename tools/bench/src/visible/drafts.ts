import {
  AddChannel,
  AddContent,
  AssignContent,
  DraftPlan,
  IssuePlan,
  RegisterAgency,
} from '@loa/contracts-planning';
import { DraftActivity } from '@loa/contracts-reporting';
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { NotAccepted, type GraphqlClient } from './graphql-client.js';

/** Activities that can be corrected again and again. */
export interface Drafts {
  readonly agencyId: string;
  readonly activityIds: readonly string[];
}

const HEARD_WITHIN_MS = 30_000;
const AT_ONCE = 16;

/** Makes a plan of one content, and so many drafts for it. */
export async function makeDrafts(client: GraphqlClient, count: number): Promise<Drafts> {
  const ids = await makePlan(client);
  const activityIds = Array.from({ length: count }, () => randomUUID());
  const [first, ...rest] = activityIds.map((activityId) => ({
    activityId,
    ...ids,
    title: 'Phát thanh chuyên mục cải cách hành chính',
    held: { from: '2022-06-01T06:00:00+07:00', to: '2022-06-01T06:15:00+07:00' },
    place: 'Đài truyền thanh xã',
    quantity: 1,
    reach: [{ audience: 'citizens', people: 300 }],
  }));
  await onceHeard(() => client.command(DraftActivity, first!));
  const queue = rest.values();
  const work = async () => {
    for (const draft of queue) await client.command(DraftActivity, draft);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { agencyId: ids.agencyId, activityIds };
}

async function makePlan(client: GraphqlClient) {
  const [issuer, standing, agencyId, planId, contentId, channelId] = Array.from({ length: 6 }, () =>
    randomUUID(),
  ) as [string, string, string, string, string, string];
  for (const [id, name] of [
    [issuer, 'UBND tỉnh'],
    [standing, 'Sở Nội vụ'],
    [agencyId, 'UBND xã Dương Quang'],
  ]) {
    await client.command(RegisterAgency, { agencyId: id, name, kind: 'state', level: 'province' });
  }
  const plan = { planId, agencyId: standing };
  const words = { title: 'Kế hoạch đo', year: 2022, purposes: [], requirements: [] };
  await client.command(DraftPlan, { ...plan, issuerId: issuer, ...words });
  await client.command(AddContent, { ...plan, contentId, title: 'Cải cách thủ tục hành chính' });
  await client.command(AddChannel, { ...plan, channelId, name: 'Truyền thanh cơ sở', unit: 'lượt phát' });
  await client.command(AssignContent, {
    ...plan,
    assignmentId: randomUUID(),
    contentId,
    mode: 'assigned',
    leads: [agencyId],
    deadline: { kind: 'continuous', text: 'Thường xuyên' },
  });
  const number = { number: String(randomInt(1e7)), symbol: 'KH-UBND', issuedOn: '2022-03-31' };
  await client.command(IssuePlan, { planId, agencyId: issuer, ...number });
  return { planId, agencyId, contentId, channelId };
}

/** Reporting hears of a plan a moment after planning has recorded it. */
async function onceHeard(send: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + HEARD_WITHIN_MS; ; await pause(50)) {
    try {
      await send();
      return;
    } catch (error) {
      if (!(error instanceof NotAccepted) || Date.now() > deadline) throw error;
    }
  }
}
