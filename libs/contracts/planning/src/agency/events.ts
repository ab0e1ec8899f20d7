import { z } from 'zod';
import { AgencyId } from '../ids.js';
import { event } from '../language.js';
import { AgencyKind, AgencyLevel, GsoCode } from './register-agency.js';

export const AgencyRegistered = event(
  'AgencyRegistered',
  1,
  'A body was entered into the directory. Stream: the agency.',
  z.object({
    agencyId: AgencyId,
    name: z.string(),
    kind: AgencyKind,
    level: AgencyLevel,
    parentId: AgencyId.optional(),
    gsoCode: GsoCode.optional(),
  }),
);
