import { AgencyId, PlanId } from '@loa/contracts-planning';
import { z } from 'zod';
import { command } from '../language.js';
import { IndicatorId, indicatorFields } from './fields.js';

export const DefineIndicator = command('DefineIndicator', {
  meaning: 'Say what is measured over the verified activities of a plan, and the target.',
  target: 'indicatorId',
  creates: true,
  input: z.object({ indicatorId: IndicatorId, planId: PlanId, agencyId: AgencyId, ...indicatorFields }),
  refusals: [
    'indicator-exists',
    'plan-not-known',
    'not-the-standing-agency',
    'content-not-in-plan',
    'channel-not-in-plan',
    'agency-not-known',
  ],
});
