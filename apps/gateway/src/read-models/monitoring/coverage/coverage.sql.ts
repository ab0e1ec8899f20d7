import {
  allOf,
  below,
  jsonList,
  jsonObject,
  Parameters,
  VIETNAMESE,
  type Question,
  type Wants,
} from '../../sql-text.js';
import type { Slice } from '../../connection.js';
import { agencyOf } from '../../planning/agency/agency.sql.js';
import { agencyTable } from '../../planning/agency/agency.table.js';
import { contentJson } from '../../planning/plan/plan.sql.js';
import { assigneeTable, contentTable, planTable } from '../../planning/plan/plan.table.js';
import { activityTable } from '../../reporting/activity/activity.table.js';
import { agencyPage, statusCounts, type AgencyChoice } from '../agency-page.sql.js';

export const coverageTables = [planTable, contentTable, assigneeTable, agencyTable, activityTable];

export interface CoverageFilter extends AgencyChoice {
  readonly contentIds?: readonly string[] | undefined;
}

const cellJson = jsonObject({
  contentId: 'c.content_id',
  mode: 'c.mode',
  role: "upper(coalesce(c.role, 'none'))",
  ...Object.fromEntries(Object.keys(statusCounts).map((name) => [name, `coalesce(c.${name}, 0)`])),
});

/** Rows of `duty` and `tally` of one agency, side by side; the duty of a lead goes before that of a coordinator. */
const cells = `(SELECT ${jsonList(cellJson, 'c.ordinal NULLS LAST, c.content_id')}
  FROM (SELECT coalesce(d.content_id, t.content_id) AS content_id, k.ordinal, d.mode, d.role,
               ${Object.keys(statusCounts)
                 .map((name) => `t.${name}`)
                 .join(', ')}
          FROM (SELECT * FROM duty WHERE agency_id = p.agency_id) d
          FULL JOIN (SELECT * FROM tally WHERE agency_id = p.agency_id) t ON t.content_id = d.content_id
          LEFT JOIN content k ON k.plan_id = (SELECT plan_id FROM asked) AND k.id = coalesce(d.content_id, t.content_id)) c)`;

/** The matrix content × agency of a plan, a page of agencies long; no row when there is no such plan. */
export function coverageSql(filter: CoverageFilter, slice: Slice, wants: Wants): Question {
  const parameters = new Parameters();
  const page = agencyPage(filter, slice, parameters, filter.contentIds);
  const planId = parameters.add(filter.planId, 'uuid');
  const ofContents = (column: string) =>
    filter.contentIds ? [`${column} = ANY (${parameters.add(filter.contentIds, 'uuid[]')})`] : [];
  const ofPage = (t: string) =>
    allOf([
      `${t}.plan_id = ${planId}`,
      `${t}.agency_id = ANY (ARRAY(SELECT agency_id FROM page))`,
      ...ofContents(`${t}.content_id`),
    ]);
  const counts = Object.entries(statusCounts).map(([name, count]) => `${count} AS ${name}`);
  const contents = allOf([`c.plan_id = ${planId}`, ...ofContents('c.id')]);
  const idle = `NOT EXISTS (SELECT FROM activity v WHERE v.plan_id = c.plan_id AND v.content_id = c.id)`;
  const contentList = (where: string) =>
    `(SELECT ${jsonList(contentJson('c'), 'c.ordinal')} FROM content c ${where})`;
  const row = jsonObject({
    keys: 'json_build_array(p.name, p.agency_id)',
    node: jsonObject({
      agencyId: 'p.agency_id',
      agency: wants('rows.agency') && agencyOf('p.agency_id', below(wants, 'rows.agency')),
      cells,
    }),
  });
  const sql = `WITH asked AS (SELECT id AS plan_id FROM plan WHERE id = ${planId}),
    page AS MATERIALIZED (${page}),
    duty AS MATERIALIZED (
      SELECT DISTINCT ON (s.agency_id, s.content_id) s.agency_id, s.content_id, s.role, s.mode
        FROM assignee s ${ofPage('s')}
       ORDER BY s.agency_id, s.content_id, s.role DESC, s.mode),
    tally AS MATERIALIZED (
      SELECT v.agency_id, v.content_id, ${counts.join(', ')} FROM activity v ${ofPage('v')}
       GROUP BY v.agency_id, v.content_id)
  SELECT ${jsonObject({
    planId: 'a.plan_id',
    contents: wants('contents') && contentList(contents),
    contentsWithoutActivity: wants('contentsWithoutActivity') && contentList(`${contents} AND ${idle}`),
    rows: `(SELECT ${jsonList(row, `p.name ${VIETNAMESE}, p.agency_id`)} FROM page p)`,
  })} FROM asked a`;
  return { sql, values: parameters.values };
}
