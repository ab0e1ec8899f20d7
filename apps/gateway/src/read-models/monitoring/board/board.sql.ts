import { MOST_COUNTED, type Slice } from '../../connection.js';
import { agencyOf } from '../../planning/agency/agency.sql.js';
import { assignmentJson, planHeadingOf, planTables } from '../../planning/plan/plan.sql.js';
import { assigneeTable } from '../../planning/plan/plan.table.js';
import { activityJson, activityTables } from '../../reporting/activity/activity.sql.js';
import {
  below,
  jsonList,
  jsonObject,
  Parameters,
  VIETNAMESE,
  type Question,
  type Wants,
} from '../../sql-text.js';
import { agencyPage, statusCounts } from '../agency-page.sql.js';

export const boardTables = [...new Set([...planTables, ...activityTables, assigneeTable])];

/** The most returned activities that a board shows. */
export const MOST_RETURNED = 100;

/** JSON of a Duty, over rows of `assignee` (s) and `assignment` (t). */
const dutyJson = jsonObject({
  contentId: 's.content_id',
  role: 's.role',
  mode: 's.mode',
  deadlineKind: 't.deadline_kind',
  deadlineDate: 't.deadline_date',
  deadlineYear: 't.deadline_year',
  targetQuantity: 't.target_quantity',
  targetChannelId: 't.target_channel_id',
});

/** What the plan asks of the agency `p.agency_id`, each duty as JSON in which more may stand beside it. */
const duties = (more: Readonly<Record<string, string | false>> = {}): string =>
  `(SELECT ${jsonList(jsonObject({ duty: dutyJson, ...more }), 't.ordinal')}
      FROM assignee s JOIN assignment t ON t.plan_id = s.plan_id AND t.id = s.assignment_id
     WHERE s.plan_id = p.plan_id AND s.agency_id = p.agency_id)`;

/** JSON of the tallies of the agency `p.agency_id`. */
const tallies = `(SELECT ${jsonList(
  jsonObject({
    contentId: 'y.content_id',
    channelId: 'y.channel_id',
    ...Object.fromEntries(Object.keys(statusCounts).map((name) => [name, `y.${name}`])),
    verifiedQuantity: 'y.verified_quantity',
  }),
  'y.content_id, y.channel_id',
)} FROM (SELECT v.content_id, v.channel_id, ${Object.entries(statusCounts)
  .map(([name, count]) => `${count} AS ${name}`)
  .join(', ')}, coalesce(sum(v.quantity) FILTER (WHERE v.status = 'verified'), 0) AS verified_quantity
           FROM activity v WHERE v.plan_id = p.plan_id AND v.agency_id = p.agency_id
          GROUP BY v.content_id, v.channel_id) y)`;

const acknowledgedAt = `(SELECT k.acknowledged_at FROM acknowledgement k
  WHERE k.plan_id = s.plan_id AND k.agency_id = s.agency_id AND k.assignment_id = s.assignment_id)`;

const returned = (wants: Wants): string =>
  `(SELECT ${jsonList(activityJson('a', wants), 'a.returned_at DESC, a.id')}
      FROM (SELECT * FROM activity v WHERE v.plan_id = p.plan_id AND v.agency_id = p.agency_id AND v.status = 'returned'
             ORDER BY v.returned_at DESC, v.id LIMIT ${MOST_RETURNED}) a)`;

/** What one agency has to do and did for one plan; no row when there is no such plan. */
export function boardSql(planId: string, agencyId: string, wants: Wants): Question {
  const parameters = new Parameters();
  const assignment = below(wants, 'assignments');
  const sql = `SELECT ${jsonObject({
    planId: 'p.plan_id',
    plan: wants('plan') && planHeadingOf('p.plan_id'),
    issued: 'p.issued',
    agencyId: 'p.agency_id',
    agency: wants('agency') && agencyOf('p.agency_id', below(wants, 'agency')),
    duties: duties({
      assignment: assignment('assignment') && assignmentJson('t', below(assignment, 'assignment')),
      acknowledgedAt: assignment('acknowledgedAt') && acknowledgedAt,
    }),
    tallies,
    returned: wants('returned') && returned(below(wants, 'returned')),
  })} FROM (SELECT q.id AS plan_id, q.status = 'issued' AS issued, ${parameters.add(agencyId, 'uuid')} AS agency_id
              FROM plan q WHERE q.id = ${parameters.add(planId, 'uuid')}) p`;
  return { sql, values: parameters.values };
}

/** The same for a page of the agencies of a plan, without the details: a list answer. */
export function progressSql(planId: string, slice: Slice, wants: Wants): Question {
  const parameters = new Parameters();
  const page = agencyPage({ planId }, slice, parameters);
  const whole = { ...slice, first: MOST_COUNTED - 1, after: undefined };
  const row = jsonObject({
    keys: 'json_build_array(p.name, p.agency_id)',
    node: jsonObject({
      agencyId: 'p.agency_id',
      agency: wants('agency') && agencyOf('p.agency_id', below(wants, 'agency')),
      issued: 'p.issued',
      duties: duties(),
      tallies,
    }),
  });
  const sql = `WITH page AS MATERIALIZED (
    SELECT q.id AS plan_id, q.status = 'issued' AS issued, n.agency_id, n.name
      FROM plan q CROSS JOIN (${page}) n WHERE q.id = ${parameters.add(planId, 'uuid')})
  SELECT ${jsonObject({
    rows: `(SELECT ${jsonList(row, `p.name ${VIETNAMESE}, p.agency_id`)} FROM page p)`,
    total: slice.counted && `(SELECT count(*) FROM (${agencyPage({ planId }, whole, parameters)}) counted)`,
  })}`;
  return { sql, values: parameters.values };
}
