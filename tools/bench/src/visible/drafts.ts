import { DraftActivity } from '@loa/contracts-reporting';
import { draftOf, makeSmallWorld, type Client } from '@loa/outside';
import { randomUUID } from 'node:crypto';

/** Activities that can be corrected again and again. */
export interface Drafts {
  readonly agencyId: string;
  readonly activityIds: readonly string[];
}

const AT_ONCE = 16;

/** Makes a plan of one content, and so many drafts for it. */
export async function makeDrafts(client: Client, count: number): Promise<Drafts> {
  const world = await makeSmallWorld(client);
  const activityIds = Array.from({ length: count }, () => randomUUID());
  const queue = activityIds.values();
  const work = async () => {
    for (const activityId of queue) await client.accepted(DraftActivity, draftOf(world, activityId));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { agencyId: world.agency, activityIds };
}
