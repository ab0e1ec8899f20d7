import type { Activity, Step } from './activity.js';
import type { Chance } from './chance.js';
import { duplicateReason, faultOf, type Fault } from './faults.js';
import { at, day, hour, lateFrom, minute, officeTimeAfter } from './local-time.js';
import { wordings } from './wording.js';

/** The office closes the year's entries here: only the standing agency goes on, into January. */
const lastEntry = at('2022-12-30T17:00');
const lastJudgement = at('2023-01-31T17:00');

/** How an activity ends up. */
const ends = {
  verified: 70,
  'returned, then verified': 13,
  'returned, then waiting': 2,
  'returned twice, then verified': 1.5,
  'returned for good': 3,
  waiting: 6,
  draft: 5,
} as const;
type End = keyof typeof ends;

const within = (steps: readonly Step[]): readonly Step[] => {
  const tooLate = steps.findIndex(
    ({ did, at: when }) => when > (did === 'verify' ? lastJudgement : lastEntry),
  );
  return tooLate < 0 ? steps : steps.slice(0, tooLate);
};

function entered({ to, channel }: Activity, fault: Fault | undefined, chance: Chance): readonly Step[] {
  const drafted = officeTimeAfter(to + chance.whole(1, 40) * hour, chance);
  const titles = wordings[channel].evidence;
  const first = chance.pick(titles);
  const others = titles.filter((title) => title !== first);
  const also = others.length > 0 && chance.happens(0.3) ? chance.pick(others) : undefined;
  const attached = drafted + chance.whole(4, 20) * minute;
  return [
    { did: 'draft', at: drafted, ...(fault && { mistaken: fault.mistaken }) },
    { did: 'attach', at: attached, title: first },
    ...(also ? [{ did: 'attach', at: attached + chance.whole(1, 6) * minute, title: also } as const] : []),
  ];
}

/** Most hand in within days and before the 17th; some remember only after it. */
function handedIn({ to }: Activity, ready: number, chance: Chance): number {
  const late = lateFrom(to);
  if (chance.happens(0.11)) return officeTimeAfter(Math.max(late, ready) + chance.whole(0, 11) * day, chance);
  const soon = officeTimeAfter(ready + chance.whole(0, 4) * day, chance);
  const lastHours = late - chance.whole(1, 30) * 10 * minute;
  return soon < late ? soon : Math.max(lastHours, ready + 30 * minute);
}

function mended(fault: Fault, returned: number, chance: Chance): readonly Step[] {
  const opened = officeTimeAfter(returned + chance.whole(1, 7) * day, chance);
  const { correction, evidence } = fault;
  return [
    ...(Object.keys(correction).length > 0
      ? [{ did: 'correct', at: opened, change: correction } as const]
      : []),
    ...(evidence ? [{ did: 'attach', at: opened + 7 * minute, title: evidence } as const] : []),
    { did: 'submit', at: opened + chance.whole(15, 60) * minute },
  ];
}

const judged = (submitted: number, chance: Chance): number =>
  officeTimeAfter(submitted + chance.whole(1, 8) * day, chance);

const lastOf = (steps: readonly Step[]): number => steps.at(-1)?.at ?? 0;

/** The same complaint a second time: what came back still was not enough. */
const stillWanting: Fault = {
  reason: 'Minh chứng bổ sung chưa đủ căn cứ xác minh. Đề nghị bổ sung tài liệu gốc có xác nhận của đơn vị.',
  mistaken: {},
  correction: {},
  evidence: 'Tài liệu gốc có xác nhận của đơn vị',
};

function afterSubmission(end: End, submitted: number, fault: Fault, chance: Chance): readonly Step[] {
  const verified = (from: number): Step => ({ did: 'verify', at: judged(from, chance) });
  const sentBack = (from: number, { reason }: Fault): Step => ({
    did: 'return',
    at: judged(from, chance),
    reason,
  });
  if (end === 'waiting') return [];
  if (end === 'verified') return [verified(submitted)];
  if (end === 'returned for good') return [sentBack(submitted, { ...fault, reason: duplicateReason })];
  const returned = sentBack(submitted, fault);
  const again = [returned, ...mended(fault, returned.at, chance)];
  if (end === 'returned, then waiting') return again;
  if (end === 'returned, then verified') return [...again, verified(lastOf(again))];
  const second = sentBack(lastOf(again), stillWanting);
  const third = [...again, second, ...mended(stillWanting, second.at, chance)];
  return [...third, verified(lastOf(third))];
}

/** What happened to an activity after it was held; what would fall after the year's last entry did not happen. */
export function courseOf(activity: Activity, chance: Chance): readonly Step[] {
  const end = chance.weighted(ends);
  const fault =
    end.startsWith('returned, then') || end.startsWith('returned twice')
      ? faultOf(activity, chance)
      : undefined;
  const start = entered(activity, fault, chance);
  if (end === 'draft') return within(start);
  const submitted = handedIn(activity, lastOf(start), chance);
  const rest = afterSubmission(end, submitted, fault ?? stillWanting, chance);
  return within([...start, { did: 'submit', at: submitted }, ...rest]);
}
