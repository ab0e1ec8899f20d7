import { listSql, type Slice } from '../../connection.js';
import { below, jsonList, jsonObject, Parameters, type Question, type Wants } from '../../sql-text.js';
import { agencyOf } from '../agency/agency.sql.js';
import { agencyTable } from '../agency/agency.table.js';
import {
  acknowledgementTable,
  assignmentTable,
  channelTable,
  contentTable,
  planTable,
} from './plan.table.js';

export const planTables = [
  agencyTable,
  planTable,
  contentTable,
  channelTable,
  assignmentTable,
  acknowledgementTable,
];

/** JSON of a row of `content` under the name `c`. */
export const contentJson = (c: string): string =>
  jsonObject({
    id: `${c}.id`,
    ordinal: `${c}.ordinal`,
    title: `${c}.title`,
    illustrative: `${c}.illustrative`,
  });

/** JSON of a row of `channel` under the name `h`. */
export const channelJson = (h: string): string =>
  jsonObject({ id: `${h}.id`, ordinal: `${h}.ordinal`, name: `${h}.name`, unit: `${h}.unit` });

/** JSON of one content of a plan; null until it has arrived here. */
export const contentOf = (planId: string, id: string): string =>
  `(SELECT ${contentJson('c')} FROM content c WHERE c.plan_id = ${planId} AND c.id = ${id})`;

export const channelOf = (planId: string, id: string): string =>
  `(SELECT ${channelJson('h')} FROM channel h WHERE h.plan_id = ${planId} AND h.id = ${id})`;

/** JSON of what is said of a plan beside something else. */
export const planHeadingOf = (id: string): string =>
  `(SELECT ${jsonObject({
    id: 'q.id',
    title: 'q.title',
    year: 'q.year',
    status: 'upper(q.status)',
    number: 'q.number',
    symbol: 'q.symbol',
    issuedOn: 'q.issued_on',
  })} FROM plan q WHERE q.id = ${id})`;

/** JSON of the deadline of a row of `assignment` under the name `t`. */
const deadlineJson = (t: string): string =>
  jsonObject({
    kind: `${t}.deadline_kind`,
    date: `${t}.deadline_date`,
    year: `${t}.deadline_year`,
    text: `${t}.deadline_text`,
  });

/** JSON of the target of a row of `assignment`; null when it has none. */
const targetJson = (t: string, wants: Wants): string =>
  `CASE WHEN ${t}.target_quantity IS NOT NULL THEN ${jsonObject({
    quantity: `${t}.target_quantity`,
    channelId: `${t}.target_channel_id`,
    channel: wants('channel') && channelOf(`${t}.plan_id`, `${t}.target_channel_id`),
    text: `${t}.target_text`,
  })} END`;

const assigneesJson = (t: string, ids: string, wants: Wants): string =>
  `(SELECT ${jsonList(
    jsonObject({
      agencyId: 'x.agency_id',
      agency: wants('agency') && agencyOf('x.agency_id', below(wants, 'agency')),
      acknowledgedAt:
        wants('acknowledgedAt') &&
        `(SELECT k.acknowledged_at FROM acknowledgement k
           WHERE k.plan_id = ${t}.plan_id AND k.agency_id = x.agency_id AND k.assignment_id = ${t}.id)`,
    }),
    'x.nth',
  )} FROM unnest(${t}.${ids}) WITH ORDINALITY x (agency_id, nth))`;

/** JSON of a row of `assignment` under the name `t`. */
export const assignmentJson = (t: string, wants: Wants): string =>
  jsonObject({
    id: `${t}.id`,
    contentId: `${t}.content_id`,
    content: wants('content') && contentOf(`${t}.plan_id`, `${t}.content_id`),
    mode: `${t}.mode`,
    leads: wants('leads') && assigneesJson(t, 'leads', below(wants, 'leads')),
    coordinators: wants('coordinators') && assigneesJson(t, 'coordinators', below(wants, 'coordinators')),
    deadline: wants('deadline') && deadlineJson(t),
    target: wants('target') && targetJson(t, below(wants, 'target')),
    output: `${t}.output`,
    asWritten: `${t}.as_written`,
  });

/** JSON of a row of `plan` under the name `p`. */
const planJson = (p: string, wants: Wants): string =>
  jsonObject({
    id: `${p}.id`,
    status: `upper(${p}.status)`,
    number: `${p}.number`,
    symbol: `${p}.symbol`,
    issuedOn: `${p}.issued_on`,
    title: `${p}.title`,
    year: `${p}.year`,
    purposes: `${p}.purposes`,
    requirements: `${p}.requirements`,
    provenance: `${p}.provenance`,
    issuerId: `${p}.issuer_id`,
    issuer: wants('issuer') && agencyOf(`${p}.issuer_id`, below(wants, 'issuer')),
    standingAgencyId: `${p}.standing_agency_id`,
    standingAgency:
      wants('standingAgency') && agencyOf(`${p}.standing_agency_id`, below(wants, 'standingAgency')),
    contents:
      wants('contents') &&
      `(SELECT ${jsonList(contentJson('c'), 'c.ordinal')} FROM content c WHERE c.plan_id = ${p}.id)`,
    channels:
      wants('channels') &&
      `(SELECT ${jsonList(channelJson('h'), 'h.ordinal')} FROM channel h WHERE h.plan_id = ${p}.id)`,
    assignments:
      wants('assignments') &&
      `(SELECT ${jsonList(assignmentJson('t', below(wants, 'assignments')), 't.ordinal')}
          FROM assignment t WHERE t.plan_id = ${p}.id)`,
    draftedAt: `${p}.drafted_at`,
    issuedAt: `${p}.issued_at`,
    recordedAt: `${p}.recorded_at`,
    version: `${p}.version`,
  });

export function planSql(id: string, wants: Wants): Question {
  const parameters = new Parameters();
  const sql = `SELECT ${planJson('p', wants)} FROM plan p WHERE p.id = ${parameters.add(id, 'uuid')}`;
  return { sql, values: parameters.values };
}

export interface PlanFilter {
  readonly year?: number | undefined;
  /** draft, issued */
  readonly status?: string | undefined;
}

/** Plans, the latest year and draft first. */
export function plansSql(filter: PlanFilter, slice: Slice, wants: Wants): Question {
  const parameters = new Parameters();
  const where = [
    ...(filter.year === undefined ? [] : [`p.year = ${parameters.add(filter.year, 'int')}`]),
    ...(filter.status === undefined ? [] : [`p.status = ${parameters.add(filter.status, 'text')}`]),
  ];
  const keys = [
    { sql: 'p.year', type: 'int' },
    { sql: 'p.drafted_at', type: 'timestamptz' },
    { sql: 'p.id', type: 'uuid' },
  ];
  const list = { ...slice, from: 'plan p', alias: 'p', where, keys, order: 'DESC' as const };
  return { sql: listSql({ ...list, node: planJson('p', wants) }, parameters), values: parameters.values };
}
