import { calendarDate } from '@loa/event-sourcing';
import { z } from 'zod';
import { AgencyId, AssignmentId, ChannelId, ContentId, PlanId } from '../ids.js';
import { event } from '../language.js';
import { AssignmentMode, Deadline, Target } from './assign-content.js';
import { Provenance } from './draft-plan.js';

export const PlanDrafted = event(
  'PlanDrafted',
  1,
  'A plan was begun. Stream: the plan.',
  z.object({
    planId: PlanId,
    standingAgencyId: AgencyId,
    issuerId: AgencyId,
    title: z.string(),
    year: z.int(),
    purposes: z.array(z.string()),
    requirements: z.array(z.string()),
    provenance: Provenance.optional(),
  }),
);

export const ContentAdded = event(
  'ContentAdded',
  1,
  'A content joined the plan. Stream: the plan.',
  z.object({
    planId: PlanId,
    contentId: ContentId,
    ordinal: z.int().min(1),
    title: z.string(),
    illustrative: z.boolean(),
  }),
);

export const ChannelAdded = event(
  'ChannelAdded',
  1,
  'A channel of communication joined the plan. Stream: the plan.',
  z.object({
    planId: PlanId,
    channelId: ChannelId,
    ordinal: z.int().min(1),
    name: z.string(),
    unit: z.string(),
  }),
);

export const ContentAssigned = event(
  'ContentAssigned',
  1,
  'A content was assigned to agencies, or requested of them. Stream: the plan.',
  z.object({
    planId: PlanId,
    assignmentId: AssignmentId,
    contentId: ContentId,
    mode: AssignmentMode,
    leads: z.array(AgencyId),
    coordinators: z.array(AgencyId),
    deadline: Deadline,
    target: Target.optional(),
    output: z.string().optional(),
    asWritten: z.string().optional(),
  }),
);

export const PlanIssued = event(
  'PlanIssued',
  1,
  'The plan was issued under its number and binds the agencies it assigns. Stream: the plan.',
  z.object({
    planId: PlanId,
    issuerId: AgencyId,
    number: z.string(),
    symbol: z.string(),
    issuedOn: calendarDate,
  }),
);
