import { CorrectActivity, DraftActivity } from '@loa/contracts-reporting';
import { draftOf, makeSmallWorld, type Accepted, type Client } from '@loa/outside';
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

/** Corrects drafts, one after the other, each time to something else: a correction that changes nothing is refused. */
export class Corrections {
  private turn = 0;

  constructor(
    private readonly client: Client,
    private readonly drafts: Drafts,
  ) {}

  next(): Promise<Accepted> {
    const { activityIds, agencyId } = this.drafts;
    const turn = this.turn++;
    const quantity = 2 + Math.floor(turn / activityIds.length);
    const activityId = activityIds[turn % activityIds.length]!;
    return this.client.accepted(CorrectActivity, { activityId, agencyId, quantity });
  }
}
