import { AgencyId, ChannelId, ContentId, PlanId } from '@loa/contracts-planning';
import { Audience } from '@loa/contracts-reporting';
import { z } from 'zod';
import { event } from '../language.js';
import { IndicatorId, Measure } from './fields.js';

export const IndicatorDefined = event(
  'IndicatorDefined',
  1,
  'It was said what is measured over the verified activities of a plan. Stream: the indicator.',
  z.object({
    indicatorId: IndicatorId,
    planId: PlanId,
    definedBy: AgencyId,
    name: z.string(),
    unit: z.string(),
    measure: Measure,
    contentIds: z.array(ContentId),
    channelIds: z.array(ChannelId),
    agencyIds: z.array(AgencyId),
    audiences: z.array(Audience),
    target: z.int(),
  }),
);

export const TargetRevised = event(
  'TargetRevised',
  1,
  'The target of an indicator was changed, with a reason. Stream: the indicator.',
  z.object({ indicatorId: IndicatorId, target: z.int(), reason: z.string() }),
);
