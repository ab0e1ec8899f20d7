import { AgencyId } from '@loa/contracts-planning';
import { count, text } from '@loa/event-sourcing';
import { z } from 'zod';
import { command } from '../language.js';
import { IndicatorId } from './fields.js';

export const ReviseTarget = command('ReviseTarget', {
  meaning: 'Change the target of an indicator, with the reason; the old one stays on record.',
  target: 'indicatorId',
  input: z.object({
    indicatorId: IndicatorId,
    agencyId: AgencyId,
    target: count(1_000_000_000),
    reason: text(2000),
  }),
  refusals: ['indicator-not-found', 'not-the-standing-agency', 'nothing-changed'],
});
