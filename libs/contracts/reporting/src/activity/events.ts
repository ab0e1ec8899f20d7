import { AgencyId, ChannelId, ContentId, PlanId } from '@loa/contracts-planning';
import { z } from 'zod';
import { event } from '../language.js';
import { ActivityId, Evidence, EvidenceId, Period, Reach } from './fields.js';

const said = {
  contentId: ContentId,
  channelId: ChannelId,
  title: z.string(),
  held: Period,
  place: z.string(),
  quantity: z.int(),
  reach: z.array(Reach),
};

export const ActivityDrafted = event(
  'ActivityDrafted',
  1,
  'An agency recorded an activity. Stream: the activity.',
  z.object({ activityId: ActivityId, agencyId: AgencyId, planId: PlanId, ...said }),
);

export const ActivityCorrected = event(
  'ActivityCorrected',
  1,
  'The agency changed what it recorded; only what differs is here. Stream: the activity.',
  z.object({ activityId: ActivityId, ...z.object(said).partial().shape }),
);

export const EvidenceAttached = event(
  'EvidenceAttached',
  1,
  'A link or file was attached that proves the activity. Stream: the activity.',
  z.object({ activityId: ActivityId, ...Evidence.shape }),
);

export const EvidenceWithdrawn = event(
  'EvidenceWithdrawn',
  1,
  'A piece of evidence was taken back. Stream: the activity.',
  z.object({ activityId: ActivityId, evidenceId: EvidenceId }),
);

export const ActivitySubmitted = event(
  'ActivitySubmitted',
  1,
  'An activity was handed in for verification. Stream: the activity.',
  z.object({ activityId: ActivityId, agencyId: AgencyId, planId: PlanId }),
);

export const ActivityReturned = event(
  'ActivityReturned',
  1,
  'The standing agency gave the activity back with a reason. Stream: the activity.',
  z.object({ activityId: ActivityId, returnedBy: AgencyId, reason: z.string() }),
);

export const ActivityVerified = event(
  'ActivityVerified',
  1,
  'The standing agency confirmed the activity: it counts. Stream: the activity.',
  z.object({ activityId: ActivityId, verifiedBy: AgencyId }),
);
