import { listSql, type Slice } from '../../connection.js';
import { jsonObject, Parameters, VIETNAMESE, type Question, type Wants } from '../../sql-text.js';
import { agencyTable } from './agency.table.js';
import { folded, patternsOf, spelled } from './folding.js';

export const agencyTables = [agencyTable];

/** JSON of a row of `agency` under the name `g`. */
const agencyJson = (g: string, wants: Wants): string =>
  jsonObject({
    id: `${g}.id`,
    name: `${g}.name`,
    kind: `${g}.kind`,
    level: `${g}.level`,
    gsoCode: `${g}.gso_code`,
    parentId: `${g}.parent_id`,
    parent:
      wants('parent') &&
      `(SELECT json_build_object('id', u.id, 'name', u.name) FROM agency u WHERE u.id = ${g}.parent_id)`,
    registeredAt: `${g}.registered_at`,
    recordedAt: `${g}.recorded_at`,
    version: `${g}.version`,
  });

/** JSON of the agency of that id; null until its registration has arrived here. */
export const agencyOf = (id: string, wants: Wants): string =>
  `(SELECT ${agencyJson('g', wants)} FROM agency g WHERE g.id = ${id})`;

export function agencySql(id: string, wants: Wants): Question {
  const parameters = new Parameters();
  const sql = `SELECT ${agencyJson('g', wants)} FROM agency g WHERE g.id = ${parameters.add(id, 'uuid')}`;
  return { sql, values: parameters.values };
}

export interface AgencyFilter {
  readonly kind?: string | undefined;
  readonly level?: string | undefined;
  readonly parentId?: string | undefined;
  /** Words that the name or code holds, with or without their signs. */
  readonly search?: string | undefined;
}

/** Agencies in Vietnamese order; of those found, the ones that are spelled as searched come first. */
export function agenciesSql(filter: AgencyFilter, slice: Slice, wants: Wants): Question {
  const parameters = new Parameters();
  const plain = patternsOf(folded(filter.search ?? ''));
  const signed = patternsOf(spelled(filter.search ?? ''));
  const where = [
    ...(filter.kind === undefined ? [] : [`g.kind = ${parameters.add(filter.kind, 'text')}`]),
    ...(filter.level === undefined ? [] : [`g.level = ${parameters.add(filter.level, 'text')}`]),
    ...(filter.parentId === undefined ? [] : [`g.parent_id = ${parameters.add(filter.parentId, 'uuid')}`]),
    ...(plain.length === 0 ? [] : [`g.folded LIKE ALL (${parameters.add(plain, 'text[]')})`]),
  ];
  const rank = () => `CASE WHEN g.spelled LIKE ALL (${parameters.add(signed, 'text[]')}) THEN 0 ELSE 1 END`;
  const keys = [
    ...(signed.length === 0 ? [] : [{ sql: rank(), type: 'int' }]),
    { sql: `g.name ${VIETNAMESE}`, type: 'text' },
    { sql: 'g.id', type: 'uuid' },
  ];
  const list = { ...slice, from: 'agency g', alias: 'g', where, keys, order: 'ASC' as const };
  return { sql: listSql({ ...list, node: agencyJson('g', wants) }, parameters), values: parameters.values };
}
