import { calendarDate, count, text } from '@loa/event-sourcing';
import { z } from 'zod';
import { AgencyId, AssignmentId, ChannelId, ContentId, PlanId } from '../ids.js';
import { command } from '../language.js';
import { PlanYear } from './draft-plan.js';

export const AssignmentMode = z.enum(['assigned', 'requested']).meta({
  id: 'AssignmentMode',
  description: 'assigned (giao): owes reports. requested (đề nghị): asked to take part, owes none.',
});

export const Deadline = z
  .object({
    kind: z
      .enum(['by-date', 'continuous', 'year', 'recurring', 'after-event', 'separate-plan', 'none'])
      .meta({ id: 'DeadlineKind', description: 'Deadlines of real plans are often not dates.' }),
    date: calendarDate.optional(),
    year: PlanYear.optional(),
    text: text(300).optional().meta({ description: 'The deadline as the plan words it.' }),
  })
  .refine(({ kind, date }) => kind !== 'by-date' || date !== undefined, { path: ['date'], error: 'required' })
  .refine(({ kind, year }) => kind !== 'year' || year !== undefined, { path: ['year'], error: 'required' })
  .meta({ id: 'Deadline', description: 'When it is due.' });

export const Target = z
  .object({ quantity: count(1_000_000), channelId: ChannelId.optional(), text: text(500).optional() })
  .meta({ id: 'Target', description: 'How much is expected of each lead agency.' });

const agencies = z.array(AgencyId).max(500);

export const AssignContent = command('AssignContent', {
  meaning: 'Assign a content to lead and coordinating agencies, or request bodies that cannot be ordered.',
  target: 'planId',
  input: z.object({
    planId: PlanId,
    agencyId: AgencyId.meta({ description: 'The agency that drafts the plan.' }),
    assignmentId: AssignmentId,
    contentId: ContentId,
    mode: AssignmentMode,
    leads: agencies.min(1),
    coordinators: agencies.default([]),
    deadline: Deadline,
    target: Target.optional(),
    output: text(500).optional().meta({ description: 'Expected product (sản phẩm dự kiến).' }),
    asWritten: text(500)
      .optional()
      .meta({ description: 'The assignees as the plan words them, e.g. UBND cấp xã.' }),
  }),
  refusals: [
    'plan-not-found',
    'not-the-drafter',
    'already-issued',
    'content-not-in-plan',
    'channel-not-in-plan',
    'agency-not-found',
    'assignment-exists',
  ],
});
