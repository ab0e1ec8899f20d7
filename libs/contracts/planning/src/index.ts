import { AgencyRegistered } from './agency/events.js';
import { RegisterAgency } from './agency/register-agency.js';
import { AddChannel } from './plan/add-channel.js';
import { AddContent } from './plan/add-content.js';
import { AssignContent } from './plan/assign-content.js';
import { DraftPlan } from './plan/draft-plan.js';
import { ChannelAdded, ContentAdded, ContentAssigned, PlanDrafted, PlanIssued } from './plan/events.js';
import { IssuePlan } from './plan/issue-plan.js';
import { AcknowledgeAssignment } from './receipt/acknowledge-assignment.js';
import { AssignmentAcknowledged } from './receipt/events.js';

export { AgencyRegistered } from './agency/events.js';
export * from './agency/register-agency.js';
export * from './ids.js';
export * from './plan/add-channel.js';
export * from './plan/add-content.js';
export * from './plan/assign-content.js';
export * from './plan/draft-plan.js';
export * from './plan/events.js';
export * from './plan/issue-plan.js';
export * from './receipt/acknowledge-assignment.js';
export * from './receipt/events.js';

/** Everything planning promises others. */
export const planning = {
  context: 'planning',
  commands: [
    RegisterAgency,
    DraftPlan,
    AddContent,
    AddChannel,
    AssignContent,
    IssuePlan,
    AcknowledgeAssignment,
  ],
  events: [
    AgencyRegistered,
    PlanDrafted,
    ContentAdded,
    ChannelAdded,
    ContentAssigned,
    PlanIssued,
    AssignmentAcknowledged,
  ],
} as const;
