import { ownerDataSource } from '@loa/database';
import { checkDrift, Rebuild } from '@loa/projections';
import { QueryGateway } from '../../read-models/gateway.fixtures.js';
import { READER } from '../../read-models/read-database.table.js';
import {
  carryOut,
  define,
  draftPlan,
  issue,
  planId,
  registerAgencies,
} from '../../read-models/world.fixtures.js';
import { readSide } from '../../read-generations.js';
import { readSchema } from '../../read-side.js';

let gateway: QueryGateway;
let side: ReturnType<typeof readSide>;

beforeAll(async () => {
  gateway = await QueryGateway.start();
  const { planning, reporting, monitoring, access } = gateway;
  side = readSide({
    owner: access.owner,
    logs: { planning, reporting, monitoring },
    partitions: 1,
    code: 'abc',
  });
  registerAgencies(planning);
  draftPlan(planning);
  issue(planning);
  for (let n = 0; n < 20; n += 1) carryOut(reporting, n, 'verified');
  define(monitoring, 1);
  await gateway.deliver();
});
afterAll(() => gateway.close());

const drift = (lang: string) =>
  gateway.ask<{ driftChecks: { message: string; leftOut: number }[] }>(
    `{ driftChecks(first: 2) {
         message(lang: ${lang}) rows differences leftOut code positions { context position }
         examples { table kind key columns } tables { table differences } } }`,
  );

it('has nothing to tell before the first check', async () => {
  expect(await drift('VI')).toEqual({ driftChecks: [] });
});

it('leaves the connections of operators to operators', async () => {
  const held = await Promise.all(
    Array.from({ length: gateway.pool.options.max }, () => gateway.pool.connect()),
  );
  try {
    expect(await drift('VI')).toEqual({ driftChecks: [] });
  } finally {
    for (const client of held) client.release();
  }
});

it('tells everybody that what is shown is what the facts give', async () => {
  const { rows } = await checkDrift(side);
  expect(rows).toBeGreaterThan(200);
  const told = await drift('EN');
  expect(told.driftChecks[0]).toMatchObject({
    message: `0 differences of ${rows} rows at position monitoring 1, planning 13, reporting 80.`,
    rows,
    differences: 0,
    code: 'abc',
    examples: [],
    positions: [
      { context: 'monitoring', position: 1 },
      { context: 'planning', position: 13 },
      { context: 'reporting', position: 80 },
    ],
  });
  expect((await drift('VI')).driftChecks[0]!.message).toBe(
    `0 sai khác trong ${rows} dòng, tại vị trí monitoring 1, planning 13, reporting 80.`,
  );
});

it('says how many events neither side shows', async () => {
  const passedOver = [READER, 'planning', 0, 'planning.AgencyPainted', 5, 9, 3];
  await gateway.pool.query(
    `INSERT INTO read.unknown_type (reader, source, partition, type, first_position, last_position, events)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    passedOver,
  );
  await checkDrift(side);
  const [newest, before] = (await drift('EN')).driftChecks;
  expect([newest?.leftOut, before?.leftOut]).toEqual([3, 0]);
  expect(newest?.message).toMatch(
    /^0 differences of .*\. Left out: 3 events that are parked, dropped, or of a type/,
  );
  expect((await drift('VI')).driftChecks[0]!.message).toContain('Có 3 sự kiện không được tính vào');
});

it('tells which rows differ, and not what is in them', async () => {
  await gateway.pool.query(`UPDATE read.plan SET title = 'Bí mật' WHERE id = $1`, [planId]);
  await checkDrift(side);
  const told = await drift('EN');
  expect(told.driftChecks[0]).toMatchObject({
    differences: 1,
    examples: [{ table: 'plan', kind: 'ALTERED', key: `{"id":"${planId}"}`, columns: ['title'] }],
  });
  expect(JSON.stringify(told)).not.toContain('Bí mật');
});

it('a rebuild makes it right, the next question finds the new rows, and TypeORM the same tables', async () => {
  const title = `{ plan(id: "${planId}") { title } }`;
  const before = await gateway.ask<{ plan: { title: string } }>(title);
  await new Rebuild(side).run();
  const after = await gateway.ask<{ plan: { title: string } }>(title);
  expect([before.plan.title, after.plan.title]).toEqual([
    'Bí mật',
    'Tuyên truyền công tác CCHC tỉnh Bắc Kạn năm 2022',
  ]);
  expect(await checkDrift(side)).toMatchObject({ differences: 0 });
  const source = await ownerDataSource(gateway.access.owner, readSchema).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  } finally {
    await source.destroy();
  }
});

it('the running service may read the records and not change them', async () => {
  for (const table of ['drift_check', 'generation']) {
    await expect(gateway.pool.query(`DELETE FROM operations.${table}`)).rejects.toThrow('permission denied');
  }
});
