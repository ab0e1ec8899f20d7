import type pg from 'pg';

/** Of the gateway, and the two copies of it. */
const READ = 'read';
export const SHORT = 'bench_short';
export const LONG = 'bench_long';

/** Copies of the read tables: one with an empty history, one in which every row has changed so many times. */
export async function copyReadTables(client: pg.Client, changes: number, since: Date): Promise<void> {
  const tables = await tablesOf(client);
  for (const schema of [SHORT, LONG]) {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`);
    for (const table of tables) {
      await client.query(`
        CREATE TABLE ${schema}."${table}" (LIKE ${READ}."${table}" INCLUDING ALL);
        CREATE TABLE ${schema}."${table}_history" (LIKE ${READ}."${table}_history" INCLUDING ALL);
        INSERT INTO ${schema}."${table}" SELECT * FROM ${READ}."${table}"`);
    }
  }
  for (const table of tables) {
    await client.query(`INSERT INTO ${LONG}."${table}_history" SELECT * FROM ${READ}."${table}_history"`);
  }
  for (let change = 1; change <= changes; change += 1) {
    for (const table of tables) await changeEveryRow(client, table, hoursAfter(since, change));
  }
  for (const schema of [SHORT, LONG]) {
    for (const table of tables) {
      await client.query(`VACUUM ANALYZE ${schema}."${table}", ${schema}."${table}_history"`);
    }
  }
}

export const dropCopies = async (client: pg.Client): Promise<void> =>
  void (await client.query(`DROP SCHEMA IF EXISTS ${SHORT}, ${LONG} CASCADE`));

export const hoursAfter = (since: Date, hours: number): string =>
  new Date(since.getTime() + hours * 3_600_000).toISOString();

/** As the projector would, in three statements: the row is written anew, what was open ends, the new state is open. */
async function changeEveryRow(client: pg.Client, table: string, at: string): Promise<void> {
  const columns = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1`,
    [`${LONG}."${table}"`],
  );
  const [first] = columns.rows.map(({ name }) => `"${name}"`);
  await client.query(`UPDATE ${LONG}."${table}" SET ${first} = ${first}`);
  await client.query(
    `UPDATE ${LONG}."${table}_history" SET recorded_to = $1 WHERE recorded_to = 'infinity'`,
    [at],
  );
  await client.query(
    `INSERT INTO ${LONG}."${table}_history" SELECT t.*, $1::timestamptz, 'infinity' FROM ${LONG}."${table}" t`,
    [at],
  );
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT t.tablename AS name FROM pg_tables t JOIN pg_tables h ON h.schemaname = t.schemaname
        AND h.tablename = t.tablename || '_history'
      WHERE t.schemaname = $1 ORDER BY 1`,
    [READ],
  );
  return rows.map(({ name }) => name);
}
