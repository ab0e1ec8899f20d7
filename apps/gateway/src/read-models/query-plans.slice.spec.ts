import type { DatabaseAccess } from '@loa/database';
import type { ReadTable } from '@loa/projections';
import { freshDatabase } from '@loa/testing';
import pg from 'pg';
import type { Slice } from './connection.js';
import { id } from './events.fixtures.js';
import { readSchema } from '../read-side.js';
import { boardSql, boardTables, progressSql } from './monitoring/board/board.sql.js';
import { coverageSql, coverageTables } from './monitoring/coverage/coverage.sql.js';
import {
  contributionsSql,
  indicatorSql,
  indicatorsSql,
  indicatorTables,
} from './monitoring/indicator/indicator.sql.js';
import { agenciesSql, agencySql, agencyTables } from './planning/agency/agency.sql.js';
import { planSql, plansSql, planTables } from './planning/plan/plan.sql.js';
import { readSql } from './read-database.table.js';
import { activitiesSql, activitySql, activityTables } from './reporting/activity/activity.sql.js';
import type { Question } from './sql-text.js';

// 20 plans × 300 activities, 40 agencies, each activity with three recorded states: enough for a planner to care.
const filling = `
INSERT INTO read.agency SELECT uuid(20000 + n), 'Cơ quan ' || n, 'state', 'district', NULL, NULL, 'co quan ' || n, 'co quan', 1, now(), now()
  FROM generate_series(1, 40) n;
INSERT INTO read.plan SELECT uuid(n), 'issued', n::text, 'KH-UBND', '2022-03-31', 'Kế hoạch', 2022, '[]', '[]', NULL, uuid(20001), uuid(20002),
    now(), now(), now(), 1 FROM generate_series(1, 20) n;
INSERT INTO read.content SELECT uuid(p), uuid(p * 100 + n), n, 'Nội dung ' || n, true FROM generate_series(1, 20) p, generate_series(1, 11) n;
INSERT INTO read.channel SELECT uuid(p), uuid(p * 100 + 50 + n), n, 'Hình thức ' || n, 'tin' FROM generate_series(1, 20) p, generate_series(1, 6) n;
INSERT INTO read.assignment SELECT uuid(p), uuid(p * 100 + 70 + n), n, uuid(p * 100 + n), 'assigned',
    ARRAY(SELECT uuid(20000 + a) FROM generate_series(1, 40) a), '{}', 'by-date', '2022-11-30', NULL, NULL, 4, NULL, NULL, NULL, NULL
  FROM generate_series(1, 20) p, generate_series(1, 11) n;
INSERT INTO read.assignee SELECT uuid(p), uuid(20000 + a), uuid(p * 100 + 70 + n), uuid(p * 100 + n), 'assigned', 'lead'
  FROM generate_series(1, 20) p, generate_series(1, 11) n, generate_series(1, 40) a;
INSERT INTO read.activity SELECT uuid(1000000 + p * 1000 + n), uuid(20000 + 1 + (n * 7 + p) % 40), uuid(p), uuid(p * 100 + 1 + n % 11), uuid(p * 100 + 51 + n % 6),
    'Hoạt động ' || n, t, t, 'Ba Bể', n % 5 + 1, '[{"audience": "officials", "people": 85}]',
    (ARRAY['draft', 'submitted', 'returned', 'verified'])[1 + (n / 11) % 4], '[]', 2022, '2022-Q2', NULL, t, NULL, NULL, t, t, 3
  FROM generate_series(1, 20) p, generate_series(1, 300) n, LATERAL (SELECT '2022-01-01'::timestamptz + n * interval '1 day' + p * interval '1 minute') x (t);
INSERT INTO read.activity_entry SELECT a.id, v, 'drafted', NULL, NULL, '{}', a.held_from, a.held_from FROM read.activity a, generate_series(1, 3) v;
INSERT INTO read.indicator SELECT uuid(30000 + p * 10 + n), uuid(p), uuid(20002), 'Chỉ số', 'cuộc', 'activities', '{}', '{}', '{}', '{}', 10, now(), now(), 1
  FROM generate_series(1, 20) p, generate_series(1, 5) n;
INSERT INTO read.indicator_target SELECT i.id, 1, 10, NULL, now(), now() FROM read.indicator i;
`;

const histories = `
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['agency', 'plan', 'content', 'channel', 'assignment', 'assignee', 'activity_entry', 'indicator', 'indicator_target'] LOOP
    EXECUTE format('INSERT INTO read.%I SELECT x.*, ''2022-01-01'', ''infinity'' FROM read.%I x', t || '_history', t);
  END LOOP;
  INSERT INTO read.activity_history SELECT a.*, '2023-01-01'::timestamptz + s * interval '1 day',
      CASE s WHEN 3 THEN 'infinity' ELSE '2023-01-02'::timestamptz + s * interval '1 day' END
    FROM read.activity a, generate_series(1, 3) s;
END $$;
`;

let access: DatabaseAccess;
let client: pg.Client;

beforeAll(async () => {
  access = await freshDatabase('read_plans', readSchema);
  client = new pg.Client({ connectionString: access.owner });
  await client.connect();
  await client.query(
    `CREATE FUNCTION uuid(n int) RETURNS uuid IMMUTABLE LANGUAGE sql
       RETURN ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid`,
  );
  await client.query(filling);
  await client.query(histories);
  await client.query('ANALYZE');
});
afterAll(() => client.end());

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** How PostgreSQL would answer: every step of it. The question is also asked, so that the plan is of a question that works. */
async function stepsOf(
  { sql, values }: Question,
  tables: readonly ReadTable[],
  asOf?: string,
): Promise<PlanNode[]> {
  const text = readSql(sql, values.length, { tables, asOf });
  const all = asOf === undefined ? [...values] : [...values, asOf];
  expect((await client.query({ text, values: all, rowMode: 'array' })).rows[0]?.[0]).toBeTruthy();
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    all,
  );
  return nodesOf(rows[0]!['QUERY PLAN'][0].Plan);
}

const scannedWhole = (steps: readonly PlanNode[]): (string | undefined)[] =>
  steps.filter((step) => step['Node Type'] === 'Seq Scan').map((step) => step['Relation Name']);
const historiesRead = (steps: readonly PlanNode[]): (string | undefined)[] =>
  steps.map((step) => step['Relation Name']).filter((relation) => relation?.endsWith('_history'));
const indexes = (steps: readonly PlanNode[]): (string | undefined)[] =>
  steps.map((step) => step['Index Name']);

const planId = id(7);
const agencyId = id(20_005);
const slice = (more: Partial<Slice> = {}): Slice => ({
  first: 20,
  after: undefined,
  counted: false,
  ...more,
});
const everything = () => true;
const bare = () => false;
const after = ['2022-06-01T00:00:00Z', id(1_007_100)];
const big = [
  'activity',
  'activity_history',
  'activity_entry',
  'activity_entry_history',
  'assignee',
  'assignee_history',
];

describe('a list of activities is read from an index that has its order', () => {
  it.each<[string, Parameters<typeof activitiesSql>[0], Partial<Slice>, string]>([
    ['all', {}, {}, 'activity_held_from_id'],
    ['all, a later page', {}, { after }, 'activity_held_from_id'],
    ['of days', { heldFrom: '2022-05-01', heldTo: '2022-05-31' }, {}, 'activity_held_from_id'],
    ['of a plan', { planId }, { counted: true }, 'activity_plan_id_held_from_id'],
    ['of a plan, a later page', { planId }, { after }, 'activity_plan_id_held_from_id'],
    [
      'of a plan and status',
      { planId, status: 'submitted' },
      { counted: true },
      'activity_plan_id_status_held_from_id',
    ],
    ['of an agency', { agencyId }, { counted: true }, 'activity_agency_id_held_from_id'],
    ['of an agency, a later page', { agencyId }, { after }, 'activity_agency_id_held_from_id'],
    ['of a content', { contentId: id(701) }, { counted: true }, 'activity_content_id_held_from_id'],
    ['of a channel', { channelId: id(751) }, { counted: true }, 'activity_channel_id_held_from_id'],
  ])('%s', async (_, filter, more, index) => {
    const steps = await stepsOf(activitiesSql(filter, slice(more), bare), activityTables);
    expect(indexes(steps)).toContain(index);
    expect(scannedWhole(steps)).toEqual([]);
  });

  it.each([
    ['a page needs no sort', {}, slice()],
    ['nor does one of a plan', { planId }, slice({ after })],
  ])('%s', async (_, filter, page) => {
    const { sql, values } = activitiesSql(filter, page, bare);
    // The rows of the page itself are put in order once more when they are made into one JSON value.
    const steps = (await stepsOf({ sql, values }, activityTables)).map((step) => step['Node Type']);
    expect(steps.indexOf('Sort')).toBe(-1);
  });
});

describe('no question reads a whole big table', () => {
  const questions: [string, () => Question, readonly ReadTable[]][] = [
    ['activity', () => activitySql(id(1_007_001), everything), activityTables],
    ['activities of a plan', () => activitiesSql({ planId }, slice(), everything), activityTables],
    [
      'activities of an agency in a plan',
      () => activitiesSql({ planId, agencyId }, slice(), everything),
      activityTables,
    ],
    ['plan', () => planSql(planId, everything), planTables],
    ['plans', () => plansSql({ year: 2022 }, slice({ first: 5 }), everything), planTables],
    ['agency', () => agencySql(agencyId, everything), agencyTables],
    ['agencies', () => agenciesSql({ search: 'co quan 7' }, slice(), everything), agencyTables],
    ['indicator', () => indicatorSql(id(30_071), everything), indicatorTables],
    ['indicators', () => indicatorsSql(planId, slice({ counted: true }), everything), indicatorTables],
    [
      'contributions',
      () => contributionsSql(id(30_071), slice({ counted: true }), everything),
      indicatorTables,
    ],
    ['coverage', () => coverageSql({ planId }, slice(), everything), coverageTables],
    ['board', () => boardSql(planId, agencyId, everything), boardTables],
    ['progress', () => progressSql(planId, slice({ counted: true }), everything), boardTables],
  ];

  it.each(questions)('%s', async (_, question, tables) => {
    const whole = scannedWhole(await stepsOf(question(), tables));
    expect(whole.filter((table) => big.includes(table ?? ''))).toEqual([]);
  });

  it.each(questions)('%s, as it is now: without what it was before', async (_, question, tables) => {
    expect(historiesRead(await stepsOf(question(), tables))).toEqual([]);
    // Or no name of a history would be known.
    expect(historiesRead(await stepsOf(question(), tables, '2023-01-03T12:00:00Z'))).not.toEqual([]);
  });

  it.each(questions)('%s, as of an instant', async (_, question, tables) => {
    const whole = scannedWhole(await stepsOf(question(), tables, '2023-01-03T12:00:00Z'));
    expect(whole.filter((table) => big.includes(table ?? ''))).toEqual([]);
  });
});

it('the directory is read in its order', async () => {
  await client.query('SET enable_seqscan = off');
  const steps = await stepsOf(
    agenciesSql({}, slice({ first: 3, after: ['Cơ quan 2', id(20_002)] }), bare),
    agencyTables,
  );
  await client.query('RESET enable_seqscan');
  expect(indexes(steps)).toContain('agency_name_id');
  expect(steps.map((step) => step['Node Type'])).not.toContain('Sort');
});

it('a question that does read a whole table would be found', async () => {
  const question = { sql: 'SELECT json_agg(a.title) FROM activity a WHERE a.place = $1', values: ['Ba Bể'] };
  expect(scannedWhole(await stepsOf(question, activityTables))).toEqual(['activity']);
});
