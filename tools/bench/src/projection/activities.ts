import {
  ActivityDrafted,
  ActivitySubmitted,
  ActivityVerified,
  EvidenceAttached,
} from '@loa/contracts-reporting';
import { randomUUID } from 'node:crypto';
import type { Filling } from '../system/log-filling.js';

/** Facts of one activity, each appended by a command of its own. */
export const FACTS_PER_ACTIVITY = 4;

const agencyId = randomUUID();
const planId = randomUUID();
const contentId = randomUUID();
const channelId = randomUUID();

/** From draft to verified, as most activities go. */
const factsOf = (activityId: string) => [
  ActivityDrafted({
    activityId,
    agencyId,
    planId,
    contentId,
    channelId,
    title: 'Phát thanh chuyên mục cải cách hành chính trên đài truyền thanh xã',
    held: { from: '2022-06-01T06:00:00+07:00', to: '2022-06-01T06:15:00+07:00' },
    place: 'Đài truyền thanh xã',
    quantity: 12,
    reach: [{ audience: 'citizens', people: 1_350 }],
  }),
  EvidenceAttached({
    activityId,
    evidenceId: randomUUID(),
    title: 'Bản ghi âm',
    link: 'https://example.org/ban-ghi-am.mp3',
  }),
  ActivitySubmitted({ activityId, agencyId, planId }),
  ActivityVerified({ activityId, verifiedBy: agencyId }),
];

/** All first facts, then all second ones: streams lie interleaved, and each fact is recorded at its own instant. */
export function* lives(activities: number): Generator<Filling> {
  const all = Array.from({ length: activities }, () => randomUUID()).map((id) => [id, factsOf(id)] as const);
  for (let expected = 0; expected < FACTS_PER_ACTIVITY; expected += 1) {
    for (const [streamId, facts] of all) {
      const { type, schemaVersion, data } = facts[expected]!;
      const meta = JSON.stringify({ at: '2022-06-01T06:00:00.000Z', id: streamId });
      const event = { eventId: randomUUID(), type, schemaVersion, data: JSON.stringify(data), meta };
      yield { streamId, expected, events: [event] };
    }
  }
}
