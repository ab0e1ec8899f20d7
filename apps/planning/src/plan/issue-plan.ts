import { IssuePlan, PlanIssued } from '@loa/contracts-planning';
import { accept, decision, refuse, type Notice } from '@loa/event-sourcing';
import type { Plan } from './plan.js';

/** "05" and "5" are one number: documents pad it as they like. */
export const numberClaim = (issuerId: string, year: string, number: string, symbol: string): string =>
  `document-number:${issuerId}:${year}:${number.replace(/^0+(?=\d)/, '')}/${symbol.toUpperCase()}`;

export const issuePlan = decision(IssuePlan, {}, ({ agencyId, ...command }, plan: Plan) => {
  if (plan.status === 'absent') return refuse('plan-not-found');
  if (plan.issuerId !== agencyId) return refuse('not-the-issuer');
  if (plan.status === 'issued') return refuse('already-issued');
  if (plan.contentIds.length === 0) return refuse('no-content');
  const { number, symbol, issuedOn } = command;
  const year = issuedOn.slice(0, 4);
  return accept(PlanIssued({ ...command, issuerId: agencyId }), {
    warnings: [...earlyDeadlines(plan, issuedOn), ...unledContents(plan)],
    claims: [
      {
        key: numberClaim(agencyId, year, number, symbol),
        otherwise: 'number-taken',
        details: { number: `${number}/${symbol}`, year },
      },
    ],
  });
});

type Outlined = Exclude<Plan, { status: 'absent' }>;

const earlyDeadlines = ({ assignments }: Outlined, issuedOn: string): Notice[] =>
  [...assignments.values()].flatMap(({ assignmentId, deadline: { kind, date } }) =>
    kind === 'by-date' && date !== undefined && date < issuedOn
      ? [{ code: 'deadline-before-issue', field: `assignments.${assignmentId}`, details: { deadline: date } }]
      : [],
  );

function unledContents({ contentIds, assignments }: Outlined): Notice[] {
  const led = new Set([...assignments.values()].map(({ contentId }) => contentId));
  return contentIds
    .filter((contentId) => !led.has(contentId))
    .map((contentId) => ({ code: 'content-without-lead', field: `contents.${contentId}` }));
}
