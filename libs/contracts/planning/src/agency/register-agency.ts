import { like, text } from '@loa/event-sourcing';
import { z } from 'zod';
import { AgencyId } from '../ids.js';
import { command } from '../language.js';

export const AgencyKind = z.enum(['state', 'vertical-sector', 'party', 'front', 'press']).meta({
  id: 'AgencyKind',
  description: 'What kind of body: it decides whether it can be ordered or only requested.',
});

export const AgencyLevel = z
  .enum(['central', 'province', 'district', 'commune'])
  .meta({ id: 'AgencyLevel', description: 'The level of government the body works at.' });

/** GSO (General Statistics Office) codes of administrative units: 2, 3 or 5 digits for province, district, commune. */
export const GsoCode = z
  .string()
  .regex(/^(\d{2}|\d{3}|\d{5})$/, like('06', '060', '01840'))
  .meta({ id: 'GsoCode', description: 'Code of the administrative unit: 2, 3 or 5 digits.' });

export const RegisterAgency = command('RegisterAgency', {
  meaning: 'Enter a body into the directory, so that plans can name it.',
  target: 'agencyId',
  creates: true,
  input: z.object({
    agencyId: AgencyId,
    name: text(200),
    kind: AgencyKind,
    level: AgencyLevel,
    parentId: AgencyId.optional(),
    gsoCode: GsoCode.optional(),
  }),
  refusals: ['agency-already-registered', 'agency-not-found', 'code-taken'],
});
