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

export type Assigned = EventOf<typeof ContentAssigned>['data'];

interface Outline {
  readonly standingAgencyId: string;
  readonly issuerId: string;
  readonly contentIds: readonly string[];
  readonly channelIds: readonly string[];
  readonly assignments: ReadonlyMap<string, Assigned>;
}

type Draft = Outline & { readonly status: 'draft' };

export type Plan =
  | { readonly status: 'absent' }
  | Draft
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

/** Whether this agency may change the plan: it drafts it, and it is not issued. */
export const isEditable = (plan: Plan, agencyId: string): plan is Draft =>
  plan.status === 'draft' && plan.standingAgencyId === agencyId;

/** Why this agency may not change a plan that it may not change. */
export function whyNotEditable(plan: Plan) {
  if (plan.status === 'absent') return 'plan-not-found';
  return plan.status === 'issued' ? 'already-issued' : 'not-the-drafter';
}
