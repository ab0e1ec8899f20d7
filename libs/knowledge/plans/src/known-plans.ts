import {
  AgencyRegistered,
  ChannelAdded,
  ContentAdded,
  ContentAssigned,
  PlanDrafted,
  PlanIssued,
} from '@loa/contracts-planning';
import { change, projection, put, readTable, when, type Row } from '@loa/projections';

/** The bodies of the directory, as far as their events have arrived. */
export const knownAgency = readTable('agency', {
  key: ['agency_id'],
  columns: { agency_id: 'uuid', name: 'text' },
});

/** What other contexts need of a plan to judge a command. */
export const knownPlan = readTable('plan', {
  key: ['plan_id'],
  columns: {
    plan_id: 'uuid',
    standing_agency_id: 'uuid',
    issued: 'boolean',
    content_ids: 'uuid[]',
    channel_ids: 'uuid[]',
    /** "<content>:<agency>" for every agency that the plan names for a content. */
    assignees: 'text[]',
  },
});

export type KnownPlan = Row<typeof knownPlan>;
export type KnownPlans = ReadonlyMap<string, KnownPlan>;
export type KnownAgencies = ReadonlyMap<string, Row<typeof knownAgency>>;

export const assignee = (contentId: string, agencyId: string): string => `${contentId}:${agencyId}`;

/** What reporting and monitoring keep of planning, each in its own database. */
export const knownPlans = projection(
  'known-plans',
  [knownAgency, knownPlan],
  [
    when(AgencyRegistered, ({ agencyId, name }) => [put(knownAgency, { agency_id: agencyId, name })]),
    when(PlanDrafted, ({ planId, standingAgencyId }) => [
      put(knownPlan, {
        plan_id: planId,
        standing_agency_id: standingAgencyId,
        issued: false,
        content_ids: [],
        channel_ids: [],
        assignees: [],
      }),
    ]),
    when(ContentAdded, ({ planId, contentId }) => [
      change(knownPlan, { plan_id: planId }, ({ content_ids }) => ({
        content_ids: [...content_ids, contentId],
      })),
    ]),
    when(ChannelAdded, ({ planId, channelId }) => [
      change(knownPlan, { plan_id: planId }, ({ channel_ids }) => ({
        channel_ids: [...channel_ids, channelId],
      })),
    ]),
    when(ContentAssigned, ({ planId, contentId, leads, coordinators }) => [
      change(knownPlan, { plan_id: planId }, ({ assignees }) => ({
        assignees: [
          ...assignees,
          ...[...leads, ...coordinators].map((agencyId) => assignee(contentId, agencyId)),
        ],
      })),
    ]),
    when(PlanIssued, ({ planId }) => [change(knownPlan, { plan_id: planId }, () => ({ issued: true }))]),
  ],
);
