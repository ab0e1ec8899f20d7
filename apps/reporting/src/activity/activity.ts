import type {
  ActivityCorrected,
  ActivityDrafted,
  ActivityReturned,
  ActivitySubmitted,
  ActivityVerified,
  EvidenceAttached,
  EvidenceWithdrawn,
} from '@loa/contracts-reporting';
import { evolveBy, type EventOf } from '@loa/event-sourcing';
import type { KnownPlan, KnownPlans } from '@loa/known-plans';

export type ActivityEvent = EventOf<
  | typeof ActivityDrafted
  | typeof ActivityCorrected
  | typeof EvidenceAttached
  | typeof EvidenceWithdrawn
  | typeof ActivitySubmitted
  | typeof ActivityReturned
  | typeof ActivityVerified
>;

type Said = Omit<EventOf<typeof ActivityDrafted>['data'], 'activityId'>;

export type Recorded = Said & {
  readonly status: 'draft' | 'submitted' | 'returned' | 'verified';
  readonly evidenceIds: readonly string[];
};

export type Activity = { readonly status: 'absent' } | Recorded;

export const absent: Activity = { status: 'absent' };

const alter = (activity: Activity, change: (recorded: Recorded) => Partial<Recorded>): Activity =>
  activity.status === 'absent' ? activity : { ...activity, ...change(activity) };

export const evolve = evolveBy<Activity, ActivityEvent>({
  ActivityDrafted: (_, { activityId: _id, ...said }) => ({ ...said, status: 'draft', evidenceIds: [] }),
  ActivityCorrected: (activity, { activityId: _id, ...corrected }) =>
    alter(activity, () => present(corrected)),
  EvidenceAttached: (activity, { evidenceId }) =>
    alter(activity, ({ evidenceIds }) => ({ evidenceIds: [...evidenceIds, evidenceId] })),
  EvidenceWithdrawn: (activity, { evidenceId }) =>
    alter(activity, ({ evidenceIds }) => ({
      evidenceIds: evidenceIds.filter((kept) => kept !== evidenceId),
    })),
  ActivitySubmitted: (activity) => alter(activity, () => ({ status: 'submitted' })),
  ActivityReturned: (activity) => alter(activity, () => ({ status: 'returned' })),
  ActivityVerified: (activity) => alter(activity, () => ({ status: 'verified' })),
});

/** The fields that are there, so that one which is left out does not wipe what was said before. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Whether this agency may change the activity: it is its own, and nobody is verifying it or has. */
export const isEditable = (activity: Activity, agencyId: string): activity is Recorded =>
  (activity.status === 'draft' || activity.status === 'returned') && activity.agencyId === agencyId;

/** Why this agency may not change an activity that it may not change. */
export function whyNotEditable(activity: Activity, agencyId: string) {
  if (activity.status === 'absent') return 'activity-not-found';
  if (activity.agencyId !== agencyId) return 'not-your-activity';
  return activity.status === 'submitted' ? 'already-submitted' : 'already-verified';
}

/** Why this agency may not verify or return the activity, if it may not. */
export function whyNotJudgeable(activity: Activity, agencyId: string, plans: KnownPlans) {
  if (activity.status === 'absent') return 'activity-not-found';
  if (plans.get(activity.planId)?.standing_agency_id !== agencyId) return 'not-the-standing-agency';
  if (activity.status === 'verified') return 'already-verified';
  return activity.status === 'submitted' ? undefined : 'not-submitted';
}

/** The plan of an activity, for decisions that must look at it. */
export const planOf = (activity: Activity): string[] =>
  activity.status === 'absent' ? [] : [activity.planId];

/** Which field does not fit the plan or the calendar, and why. */
export function whyNotFitting(
  { contentId, channelId, held }: Pick<Said, 'contentId' | 'channelId' | 'held'>,
  plan: KnownPlan,
):
  { reason: 'content-not-in-plan' | 'channel-not-in-plan' | 'ends-before-start'; field: string } | undefined {
  if (!plan.content_ids.includes(contentId)) return { reason: 'content-not-in-plan', field: 'contentId' };
  if (!plan.channel_ids.includes(channelId)) return { reason: 'channel-not-in-plan', field: 'channelId' };
  if (held.to < held.from) return { reason: 'ends-before-start', field: 'held.to' };
  return undefined;
}
