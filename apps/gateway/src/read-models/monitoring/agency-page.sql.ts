import { beyond, type Slice } from '../connection.js';
import { allOf, VIETNAMESE, type Parameters } from '../sql-text.js';

export interface AgencyChoice {
  readonly planId: string;
  /** Left out: all. */
  readonly agencyIds?: readonly string[] | undefined;
}

/** How many activities of each status, over rows of `activity` named `v`. */
export const statusCounts: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    drafted: 'draft',
    submitted: 'submitted',
    returned: 'returned',
    verified: 'verified',
  }).map(([name, status]) => [name, `count(*) FILTER (WHERE v.status = '${status}')`]),
);

/**
 * A page of the agencies of a plan by name: those the plan names, and those that did something for it all the same.
 * @returns one SELECT of agency_id and name, one row more than the page when there is a next page
 */
export function agencyPage(
  { planId, agencyIds }: AgencyChoice,
  slice: Slice,
  parameters: Parameters,
  contentIds?: readonly string[],
): string {
  const conditions = (t: string) =>
    allOf([
      `${t}.plan_id = ${parameters.add(planId, 'uuid')}`,
      ...(agencyIds ? [`${t}.agency_id = ANY (${parameters.add(agencyIds, 'uuid[]')})`] : []),
      ...(contentIds ? [`${t}.content_id = ANY (${parameters.add(contentIds, 'uuid[]')})`] : []),
    ]);
  // An agency whose registration has not arrived here yet has no name: it comes first.
  const keys = [
    { sql: `coalesce(g.name, '') ${VIETNAMESE}`, type: 'text' },
    { sql: 'p.agency_id', type: 'uuid' },
  ];
  const place = slice.after ? [beyond(keys, 'ASC', slice.after, parameters)] : [];
  return `SELECT p.agency_id, coalesce(g.name, '') AS name
    FROM (SELECT s.agency_id FROM assignee s ${conditions('s')}
          UNION SELECT v.agency_id FROM activity v ${conditions('v')}) p
    LEFT JOIN agency g ON g.id = p.agency_id ${allOf(place)}
   ORDER BY ${keys.map(({ sql }) => sql).join(', ')} LIMIT ${parameters.add(slice.first + 1, 'int')}`;
}
