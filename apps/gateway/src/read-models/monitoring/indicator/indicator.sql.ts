import { listSql, type Slice } from '../../connection.js';
import { agencyOf } from '../../planning/agency/agency.sql.js';
import { channelJson, contentJson } from '../../planning/plan/plan.sql.js';
import { activityJson, activityKeys, activityTables } from '../../reporting/activity/activity.sql.js';
import { below, jsonList, jsonObject, Parameters, type Question, type Wants } from '../../sql-text.js';
import { indicatorTable, targetTable } from './indicator.table.js';

export const indicatorTables = [indicatorTable, targetTable, ...activityTables];

/** Which rows of `activity` (a) make up the value of a row of `indicator` (i): verified, and of what it chose. */
const counts = `a.plan_id = i.plan_id AND a.status = 'verified'
  AND (i.content_ids = '{}' OR a.content_id = ANY (i.content_ids))
  AND (i.channel_ids = '{}' OR a.channel_id = ANY (i.channel_ids))
  AND (i.agency_ids = '{}' OR a.agency_id = ANY (i.agency_ids))`;

/** How much a row of `activity` (a) gives to a row of `indicator` (i). */
const amount = `CASE i.measure
  WHEN 'activities' THEN 1
  WHEN 'quantity' THEN a.quantity
  WHEN 'reach' THEN (SELECT coalesce(sum(r.people), 0) FROM jsonb_to_recordset(a.reach) r (audience text, people bigint)
                      WHERE i.audiences = '{}' OR r.audience = ANY (i.audiences))
END`;

const chosen = (i: string, table: string, column: string, json: string, x: string): string =>
  `(SELECT ${jsonList(json, `${x}.ordinal`)} FROM ${table} ${x}
     WHERE ${x}.plan_id = ${i}.plan_id AND ${x}.id = ANY (${i}.${column}))`;

const chosenAgencies = (wants: Wants): string =>
  `(SELECT ${jsonList(agencyOf('x.id', wants), 'x.nth')} FROM unnest(i.agency_ids) WITH ORDINALITY x (id, nth)
     WHERE EXISTS (SELECT FROM agency k WHERE k.id = x.id))`;

/** The ratio to four places, as exact text; none when there is no target to divide by. */
const achieved = `CASE WHEN i.target > 0 THEN round(v.value::numeric / i.target, 4)::text END`;

const revisionsJson = `(SELECT ${jsonList(
  jsonObject({
    version: 't.version',
    target: 't.target',
    reason: 't.reason',
    occurredAt: 't.occurred_at',
    recordedAt: 't.recorded_at',
  }),
  't.version',
)} FROM indicator_target t WHERE t.indicator_id = i.id)`;

/** JSON of a row of `indicator` (i), and of its sums (v) when they are asked for. */
const indicatorJson = (wants: Wants): string =>
  jsonObject({
    id: 'i.id',
    planId: 'i.plan_id',
    definedById: 'i.defined_by',
    definedBy: wants('definedBy') && agencyOf('i.defined_by', below(wants, 'definedBy')),
    name: 'i.name',
    unit: 'i.unit',
    measure: 'i.measure',
    contents: wants('contents') && chosen('i', 'content', 'content_ids', contentJson('c'), 'c'),
    channels: wants('channels') && chosen('i', 'channel', 'channel_ids', channelJson('h'), 'h'),
    agencies: wants('agencies') && chosenAgencies(below(wants, 'agencies')),
    audiences: 'to_json(i.audiences)',
    target: 'i.target',
    revisions: wants('revisions') && revisionsJson,
    value: wantsSums(wants) && 'v.value',
    activityCount: wantsSums(wants) && 'v.activities',
    achieved: wantsSums(wants) && achieved,
    definedAt: 'i.defined_at',
    recordedAt: 'i.recorded_at',
    version: 'i.version',
  });

const wantsSums = (wants: Wants): boolean => ['value', 'activityCount', 'achieved'].some(wants);

/** JSON of a row of `indicator` (i), with its sums when they are asked for. */
const summedJson = (wants: Wants): string =>
  wantsSums(wants)
    ? `(SELECT ${indicatorJson(wants)} FROM (SELECT coalesce(sum(${amount}), 0) AS value, count(*) AS activities
                                              FROM activity a WHERE ${counts}) v)`
    : indicatorJson(wants);

export function indicatorSql(id: string, wants: Wants): Question {
  const parameters = new Parameters();
  const sql = `SELECT ${summedJson(wants)} FROM indicator i WHERE i.id = ${parameters.add(id, 'uuid')}`;
  return { sql, values: parameters.values };
}

/** The indicators of a plan, in the order in which they were defined. */
export function indicatorsSql(planId: string, slice: Slice, wants: Wants): Question {
  const parameters = new Parameters();
  const list = {
    ...slice,
    from: 'indicator i',
    alias: 'i',
    where: [`i.plan_id = ${parameters.add(planId, 'uuid')}`],
    keys: [
      { sql: 'i.defined_at', type: 'timestamptz' },
      { sql: 'i.id', type: 'uuid' },
    ],
    order: 'ASC' as const,
    node: summedJson(wants),
  };
  return { sql: listSql(list, parameters), values: parameters.values };
}

/** The activities that make up the value of an indicator, the latest held first, each with what it gives. */
export function contributionsSql(indicatorId: string, slice: Slice, wants: Wants): Question {
  const parameters = new Parameters();
  const node = jsonObject({
    amount: 'a.amount',
    activity: wants('activity') && activityJson('a', below(wants, 'activity')),
  });
  const list = {
    ...slice,
    from: `indicator i JOIN activity a ON ${counts}`,
    alias: 'a',
    columns: [`${amount} AS amount`],
    where: [`i.id = ${parameters.add(indicatorId, 'uuid')}`],
    keys: activityKeys,
    order: 'DESC' as const,
    node,
  };
  return { sql: listSql(list, parameters), values: parameters.values };
}
