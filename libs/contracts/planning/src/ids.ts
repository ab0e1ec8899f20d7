import { id } from '@loa/event-sourcing';

export const AgencyId = id('AgencyId', 'An agency, for ever: names and codes change, this does not.');
export const PlanId = id('PlanId', 'A plan.');
export const ContentId = id('ContentId', 'A content (nội dung) of a plan.');
export const ChannelId = id('ChannelId', 'A channel or form (hình thức) of communication of a plan.');
export const AssignmentId = id('AssignmentId', 'An assignment of a content to agencies.');
