import type { ActivityCounts } from '../activity-counts.js';

/** How an agency stands with one assignment. */
export const standings = [
  'FULFILLED',
  'UNDER_WAY',
  'NOT_STARTED',
  'LATE',
  'TAKING_PART',
  'INVITED',
  'COORDINATING',
] as const;
export type Standing = (typeof standings)[number];

/** What one assignment asks of one agency. */
export interface Duty {
  readonly contentId: string;
  readonly role: 'lead' | 'coordinator';
  readonly mode: 'assigned' | 'requested';
  readonly deadlineKind: string;
  /** YYYY-MM-DD, for a deadline of kind `by-date`. */
  readonly deadlineDate: string | null;
  /** For a deadline of kind `year`. */
  readonly deadlineYear: number | null;
  /** null: no target. */
  readonly targetQuantity: number | null;
  /** When set, the target is in the unit of that channel; when null, it counts activities. */
  readonly targetChannelId: string | null;
}

/** What the agency did for one content through one channel. */
export interface Tally extends ActivityCounts {
  readonly contentId: string;
  readonly channelId: string;
  /** In the unit of the channel, over the verified activities. */
  readonly verifiedQuantity: number;
}

export interface Stand {
  readonly standing: Standing;
  /** Verified activities for the content. */
  readonly verified: number;
  /** What counts towards the target: verified activities, or their quantity when the target names a channel. */
  readonly reached: number;
}

/** A deadline day ends at midnight: on the day itself nothing is late. Deadlines without a day never are. */
function isPast({ deadlineKind, deadlineDate, deadlineYear }: Duty, on: string): boolean {
  if (deadlineKind === 'by-date') return deadlineDate !== null && deadlineDate < on;
  if (deadlineKind === 'year') return deadlineYear !== null && deadlineYear < Number(on.slice(0, 4));
  return false;
}

function standingOf(duty: Duty, done: { recorded: number; fulfilled: boolean }, when: Occasion): Standing {
  if (duty.role === 'coordinator') return 'COORDINATING';
  // Requested, not ordered: who reports nothing is neither late nor missing.
  if (duty.mode === 'requested') return done.recorded > 0 ? 'TAKING_PART' : 'INVITED';
  if (done.fulfilled) return 'FULFILLED';
  if (when.binding && isPast(duty, when.on)) return 'LATE';
  return done.recorded > 0 ? 'UNDER_WAY' : 'NOT_STARTED';
}

export interface Occasion {
  /** The day it is judged on, YYYY-MM-DD. */
  readonly on: string;
  /** Whether the plan is issued: a draft binds nobody, so nobody can be late. */
  readonly binding: boolean;
}

/**
 * How an agency stands with a duty. Without a target one verified activity fulfils it; with one, the verified
 * activities, or their quantity in the channel that the target names, must reach it.
 * @param tallies all that the agency did for the plan
 */
export function standOf(duty: Duty, tallies: readonly Tally[], when: Occasion): Stand {
  const ofContent = tallies.filter(({ contentId }) => contentId === duty.contentId);
  const sum = (of: (tally: Tally) => number, list = ofContent) =>
    list.reduce((total, tally) => total + of(tally), 0);
  const recorded = sum(
    ({ drafted, submitted, returned, verified }) => drafted + submitted + returned + verified,
  );
  const verified = sum((tally) => tally.verified);
  const inChannel = ofContent.filter(({ channelId }) => channelId === duty.targetChannelId);
  const reached =
    duty.targetChannelId === null ? verified : sum(({ verifiedQuantity }) => verifiedQuantity, inChannel);
  const fulfilled = reached >= (duty.targetQuantity ?? 1);
  return { standing: standingOf(duty, { recorded, fulfilled }, when), verified, reached };
}
