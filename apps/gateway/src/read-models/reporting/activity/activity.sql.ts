import { listSql, type Slice } from '../../connection.js';
import {
  below,
  dayBegins,
  dayEnds,
  jsonList,
  jsonObject,
  Parameters,
  type Question,
  type Wants,
} from '../../sql-text.js';
import { agencyOf } from '../../planning/agency/agency.sql.js';
import { agencyTable } from '../../planning/agency/agency.table.js';
import { channelOf, contentOf, planHeadingOf } from '../../planning/plan/plan.sql.js';
import { channelTable, contentTable, planTable } from '../../planning/plan/plan.table.js';
import { activityTable, entryTable } from './activity.table.js';

export const activityTables = [activityTable, entryTable, agencyTable, planTable, contentTable, channelTable];

/** JSON of the entries of a row of `activity`, to be told by threadOf. */
const entriesJson = (a: string, wants: Wants): string =>
  `(SELECT ${jsonList(
    jsonObject({
      version: 'e.version',
      kind: 'e.kind',
      byAgencyId: 'e.by_id',
      by: wants('by') && agencyOf('e.by_id', below(wants, 'by')),
      occurredAt: 'e.occurred_at',
      recordedAt: 'e.recorded_at',
      reason: 'e.reason',
      said: 'e.said',
      contentTitle: nameIn('content', 'title', a, 'contentId'),
      channelName: nameIn('channel', 'name', a, 'channelId'),
    }),
    'e.version',
  )} FROM (SELECT n.*, coalesce(n.by_agency_id, ${a}.agency_id) AS by_id
             FROM activity_entry n WHERE n.activity_id = ${a}.id) e)`;

const nameIn = (table: string, column: string, a: string, field: string): string =>
  `(SELECT x.${column} FROM ${table} x WHERE x.plan_id = ${a}.plan_id AND x.id = (e.said->>'${field}')::uuid)`;

/** JSON of a row of `activity` under the name `a`. */
export const activityJson = (a: string, wants: Wants): string =>
  jsonObject({
    id: `${a}.id`,
    agencyId: `${a}.agency_id`,
    agency: wants('agency') && agencyOf(`${a}.agency_id`, below(wants, 'agency')),
    planId: `${a}.plan_id`,
    plan: wants('plan') && planHeadingOf(`${a}.plan_id`),
    contentId: `${a}.content_id`,
    content: wants('content') && contentOf(`${a}.plan_id`, `${a}.content_id`),
    channelId: `${a}.channel_id`,
    channel: wants('channel') && channelOf(`${a}.plan_id`, `${a}.channel_id`),
    title: `${a}.title`,
    held: jsonObject({ from: `${a}.held_from`, to: `${a}.held_to` }),
    reportingPeriod: jsonObject({ year: `${a}.report_year`, quarter: `${a}.report_quarter` }),
    place: `${a}.place`,
    quantity: `${a}.quantity`,
    reach: `${a}.reach`,
    status: `upper(${a}.status)`,
    evidence: wants('evidence') && `${a}.evidence`,
    draftedAt: `${a}.drafted_at`,
    submittedAt: `${a}.submitted_at`,
    verifiedAt: `${a}.verified_at`,
    returnReason: `${a}.return_reason`,
    recordedAt: `${a}.recorded_at`,
    version: `${a}.version`,
    thread: wants('thread') && entriesJson(a, below(wants, 'thread')),
  });

export function activitySql(id: string, wants: Wants): Question {
  const parameters = new Parameters();
  const sql = `SELECT ${activityJson('a', wants)} FROM activity a WHERE a.id = ${parameters.add(id, 'uuid')}`;
  return { sql, values: parameters.values };
}

export interface ActivityFilter {
  readonly planId?: string | undefined;
  readonly agencyId?: string | undefined;
  readonly contentId?: string | undefined;
  readonly channelId?: string | undefined;
  /** draft, submitted, returned, verified */
  readonly status?: string | undefined;
  /** Begun on these days of the programme or between them, YYYY-MM-DD. */
  readonly heldFrom?: string | undefined;
  readonly heldTo?: string | undefined;
}

/** The latest held first. */
export const activityKeys = [
  { sql: 'a.held_from', type: 'timestamptz' },
  { sql: 'a.id', type: 'uuid' },
];

export function activitiesSql(filter: ActivityFilter, slice: Slice, wants: Wants): Question {
  const parameters = new Parameters();
  const equal = (column: string, type: string, value: string | undefined) =>
    value === undefined ? [] : [`a.${column} = ${parameters.add(value, type)}`];
  const where = [
    ...equal('plan_id', 'uuid', filter.planId),
    ...equal('agency_id', 'uuid', filter.agencyId),
    ...equal('content_id', 'uuid', filter.contentId),
    ...equal('channel_id', 'uuid', filter.channelId),
    ...equal('status', 'text', filter.status),
    ...(filter.heldFrom ? [`a.held_from >= ${dayBegins(parameters.add(filter.heldFrom, 'date'))}`] : []),
    ...(filter.heldTo ? [`a.held_from < ${dayEnds(parameters.add(filter.heldTo, 'date'))}`] : []),
  ];
  const list = {
    ...slice,
    from: 'activity a',
    alias: 'a',
    where,
    keys: activityKeys,
    order: 'DESC' as const,
  };
  return { sql: listSql({ ...list, node: activityJson('a', wants) }, parameters), values: parameters.values };
}
