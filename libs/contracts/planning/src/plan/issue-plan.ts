import { calendarDate, like } from '@loa/event-sourcing';
import { z } from 'zod';
import { AgencyId, PlanId } from '../ids.js';
import { command } from '../language.js';

/** The ordinal part of a document number, e.g. 211, 05, 0204. */
export const DocumentNumber = z
  .string()
  .regex(/^\d{1,8}$/, like('211', '05'))
  .meta({ description: 'Digits only, e.g. 211.' });
/** Type code and issuer code, e.g. KH-UBND. */
export const DocumentSymbol = z
  .string()
  .trim()
  .regex(/^[\p{Lu}][\p{L}\d]*([-/&.][\p{L}\d]+)*$/u, like('KH-UBND', 'CT-TTg'))
  .max(30)
  .meta({ description: 'Type and issuer code, e.g. KH-UBND.' });

export const IssuePlan = command('IssuePlan', {
  meaning: 'Issue the plan under its number. Number, symbol, issuer and year are unique.',
  target: 'planId',
  input: z.object({
    planId: PlanId,
    agencyId: AgencyId.meta({ description: 'The authority that issues the plan.' }),
    number: DocumentNumber,
    symbol: DocumentSymbol,
    issuedOn: calendarDate,
  }),
  refusals: ['plan-not-found', 'not-the-issuer', 'already-issued', 'no-content', 'number-taken'],
  warnings: ['deadline-before-issue', 'content-without-lead'],
});
