import type pg from 'pg';
import { GenerationRefusal } from './generation.js';

type Session = pg.Pool | pg.PoolClient;

const column = async (session: Session, sql: string, values: readonly unknown[]): Promise<string[]> =>
  (await session.query<[string]>({ text: sql, values: [...values], rowMode: 'array' })).rows.map(
    ([text]) => text,
  );

const inSchema = `FROM pg_class c WHERE c.relnamespace = $1::text::regnamespace`;

export const schemaExists = async (session: Session, schema: string): Promise<boolean> =>
  (await column(session, 'SELECT nspname FROM pg_namespace WHERE nspname = $1', [schema])).length > 0;

const tablesOf = (session: Session, schema: string) =>
  column(session, `SELECT quote_ident(c.relname) ${inSchema} AND c.relkind = 'r' ORDER BY c.relname`, [
    schema,
  ]);

/** Definitions of the secondary indexes, by name; the schema stands in the definition. */
const indexesOf = (session: Session, schema: string) =>
  session.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition ${inSchema} AND c.relkind = 'i'
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid) ORDER BY c.relname`,
    [schema],
  );

const constraints = `
  SELECT format('%I ADD CONSTRAINT %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
   WHERE c.relnamespace = $1::text::regnamespace AND k.contype IN ('p', 'u', 'x') ORDER BY 1`;

/** What a copy would lose or tie to the original. */
const foreign = `
  SELECT c.relname || ' (view or partitioned table)' ${inSchema} AND c.relkind IN ('v', 'm', 'f', 'p')
  UNION ALL
  SELECT c.relname || '.' || t.tgname || ' (trigger)' FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid
   WHERE c.relnamespace = $1::text::regnamespace AND NOT t.tgisinternal
  UNION ALL
  SELECT c.relname || '.' || k.conname || ' (foreign key)' FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
   WHERE c.relnamespace = $1::text::regnamespace AND k.contype = 'f'
  UNION ALL
  SELECT c.relname || ' (default of a sequence: let the column be GENERATED AS IDENTITY)'
    FROM pg_class c JOIN pg_attrdef d ON d.adrelid = c.oid
   WHERE c.relnamespace = $1::text::regnamespace AND pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%'`;

const extras = `
  SELECT format('ALTER TABLE %I.%I SET (%s)', $2::text, c.relname, array_to_string(c.reloptions, ', '))
    ${inSchema} AND c.relkind = 'r' AND c.reloptions IS NOT NULL
  UNION ALL
  SELECT format('COMMENT ON TABLE %I.%I IS %L', $2::text, c.relname, obj_description(c.oid, 'pg_class'))
    ${inSchema} AND c.relkind = 'r' AND obj_description(c.oid, 'pg_class') IS NOT NULL`;

const role = (grantee: string) =>
  `CASE ${grantee} WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(${grantee})) END`;

const grants = `
  SELECT format('GRANT %s ON %I.%I TO %s', a.privilege_type, $2::text, c.relname, ${role('a.grantee')})
    FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
   WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r' AND a.grantee <> c.relowner
  UNION ALL
  SELECT format('GRANT %s ON SCHEMA %I TO %s', a.privilege_type, $2::text, ${role('a.grantee')})
    FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a WHERE n.nspname = $1::text AND a.grantee <> n.nspowner`;

/**
 * Makes an empty schema with the tables of another one: columns, keys, storage options, comments, grants. Secondary
 * indexes are left to {@link indexLike}: they are built faster once the rows are there.
 * To be run in a transaction.
 * @throws GenerationRefusal when the schema holds what a copy would lose
 */
export async function createLike(session: pg.PoolClient, schema: string, copy: string): Promise<void> {
  const lost = await column(session, foreign, [schema]);
  if (lost.length > 0) {
    throw new GenerationRefusal(
      `schema ${schema} cannot be copied, it holds more than tables: ${lost.join(', ')}`,
    );
  }
  await session.query(`CREATE SCHEMA ${copy}`);
  for (const table of await tablesOf(session, schema)) {
    await session.query(
      `CREATE TABLE ${copy}.${table} (LIKE ${schema}.${table} INCLUDING ALL EXCLUDING INDEXES)`,
    );
  }
  for (const constraint of await column(session, constraints, [schema])) {
    await session.query(`ALTER TABLE ${copy}.${constraint}`);
  }
  for (const sql of [extras, grants]) {
    for (const statement of await column(session, sql, [schema, copy])) await session.query(statement);
  }
}

/** Builds the secondary indexes that the copy does not have yet, each under the name it has in the original. */
export async function indexLike(session: pg.PoolClient, schema: string, copy: string): Promise<void> {
  const there = new Set((await indexesOf(session, copy)).rows.map(({ name }) => name));
  for (const { name, definition } of (await indexesOf(session, schema)).rows) {
    if (!there.has(name)) await session.query(definition.replace(` ON ${schema}.`, ` ON ${copy}.`));
  }
}

/** Columns, keys and, where they count, secondary indexes as sorted text without the schema: equal for equal tables. */
export async function shapeOf(
  session: Session,
  schema: string,
  { indexes }: { indexes: boolean },
): Promise<string[]> {
  const columns = await column(
    session,
    `SELECT format('%s.%s %s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                   CASE WHEN a.attnotnull THEN ' NOT NULL' END)
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`,
    [schema],
  );
  const secondary = indexes ? (await indexesOf(session, schema)).rows : [];
  return [
    ...columns,
    ...(await column(session, constraints, [schema])),
    ...secondary.map(({ definition }) => definition.replace(` ON ${schema}.`, ' ON ')),
  ].sort();
}

/** What is in one list only, marked `+` (only in the second) and `-` (only in the first). */
export function shapeDifferences(one: readonly string[], other: readonly string[]): string[] {
  const [first, second] = [new Set(one), new Set(other)];
  return [
    ...one.filter((line) => !second.has(line)).map((line) => `- ${line}`),
    ...other.filter((line) => !first.has(line)).map((line) => `+ ${line}`),
  ];
}
