import { AgencyId, ChannelId, ContentId } from '@loa/contracts-planning';
import { Audience } from '@loa/contracts-reporting';
import { count, id, text } from '@loa/event-sourcing';
import { z } from 'zod';

export const IndicatorId = id('IndicatorId', 'An indicator of a plan.');

export const Measure = z.enum(['activities', 'quantity', 'reach']).meta({
  id: 'Measure',
  description:
    'activities: how many verified activities. quantity: the sum of what they made, in the unit of the channel. reach: the sum of people reached.',
});

const choice = <T extends z.ZodType>(of: T, what: string) =>
  z
    .array(of)
    .max(500)
    .default([])
    .meta({ description: `${what} Empty: all.` });

export const indicatorFields = {
  name: text(300),
  unit: text(100),
  measure: Measure,
  contentIds: choice(ContentId, 'Which contents count.'),
  channelIds: choice(ChannelId, 'Which channels count.'),
  agencyIds: choice(AgencyId, 'Which agencies count.'),
  audiences: choice(Audience, 'For measure reach: which audiences count.'),
  target: count(1_000_000_000),
};
