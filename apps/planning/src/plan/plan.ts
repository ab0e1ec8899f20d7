import type {
  ChannelAdded,
  ContentAdded,
  ContentAssigned,
  PlanDrafted,
  PlanIssued,
} from '@loa/contracts-planning';
import { evolveBy, type EventOf } from '@loa/event-sourcing';

export type PlanEvent = EventOf<
  typeof PlanDrafted | typeof ContentAdded | typeof ChannelAdded | typeof ContentAssigned | typeof PlanIssued
>;

type Assigned = EventOf<typeof ContentAssigned>['data'];

interface Outline {
  readonly standingAgencyId: string;
  readonly issuerId: string;
  readonly contentIds: readonly string[];
  readonly channelIds: readonly string[];
  readonly assignments: ReadonlyMap<string, Assigned>;
}

export type Plan =
  | { readonly status: 'absent' }
  | (Outline & { readonly status: 'draft' })
  | (Outline & { readonly status: 'issued'; readonly issuedOn: string });

export const absent: Plan = { status: 'absent' };

/** Plans by id, as decisions about other things look at them. */
export type Plans = ReadonlyMap<string, Plan>;

const grow = (plan: Plan, change: (outline: Outline) => Partial<Outline>): Plan =>
  plan.status === 'absent' ? plan : { ...plan, ...change(plan) };

export const evolve = evolveBy<Plan, PlanEvent>({
  PlanDrafted: (_, { standingAgencyId, issuerId }) => ({
    status: 'draft',
    standingAgencyId,
    issuerId,
    contentIds: [],
    channelIds: [],
    assignments: new Map(),
  }),
  ContentAdded: (plan, { contentId }) =>
    grow(plan, ({ contentIds }) => ({ contentIds: [...contentIds, contentId] })),
  ChannelAdded: (plan, { channelId }) =>
    grow(plan, ({ channelIds }) => ({ channelIds: [...channelIds, channelId] })),
  ContentAssigned: (plan, assigned) =>
    grow(plan, ({ assignments }) => ({
      assignments: new Map(assignments).set(assigned.assignmentId, assigned),
    })),
  PlanIssued: (plan, { issuedOn }) =>
    plan.status === 'absent' ? plan : { ...plan, status: 'issued', issuedOn },
});

/** Why a draft may not be changed by this agency, if it may not. */
export const whyNotEditable = (plan: Plan, agencyId: string) => {
  if (plan.status === 'absent') return 'plan-not-found';
  if (plan.status === 'issued') return 'already-issued';
  return plan.standingAgencyId === agencyId ? undefined : 'not-the-drafter';
};
