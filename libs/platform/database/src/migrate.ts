import type pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { EntitySchema } from 'typeorm';

type MigrationClass = new () => MigrationInterface;

export interface Schema {
  /** In any order: they are run in that of the time stamps in their names. */
  readonly migrations: readonly MigrationClass[];
  /** Tables that TypeORM knows, so that a difference between them and the migrations can be found. */
  readonly tables?: readonly EntitySchema[];
}

/** Any number will do, as long as every migrator of a database uses the same. */
/** Key of the advisory lock that whoever changes the tables of a database holds. */
export const MIGRATION_LOCK = 7_211_2022;

/** A TypeORM connection of the owner role: for migrations and for looking at the schema, never for serving. */
export function ownerDataSource(connectionString: string, { migrations, tables = [] }: Schema): DataSource {
  return new DataSource({
    type: 'postgres',
    url: connectionString,
    migrations: [...migrations],
    entities: [...tables],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    extra: { connectionTimeoutMillis: 5_000, lock_timeout: 10_000 },
  });
}

/** Brings a database to the schema of this build; two at once wait for each other. Returns the names that were run. */
export async function migrate(connectionString: string, schema: Schema): Promise<string[]> {
  const source = await ownerDataSource(connectionString, schema).initialize();
  try {
    const guard = source.createQueryRunner();
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const done = await source.runMigrations();
      await guard.query(`GRANT SELECT ON migration TO ${await runtimeRole(guard)}`);
      return done.map(({ name }) => name);
    } finally {
      await guard.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await guard.release();
    }
  } finally {
    await source.destroy();
  }
}

const MISSING_TABLE = '42P01';

/**
 * The migrations of this build that a database does not have yet, by name, as the role that serves sees them.
 * @throws what the database says when it cannot be asked
 */
export async function missingMigrations(pool: pg.Pool, { migrations }: Schema): Promise<string[]> {
  const { rows } = await pool
    .query<{ name: string }>('SELECT name FROM migration')
    .catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === MISSING_TABLE) return { rows: [] };
      throw error;
    });
  const done = new Set(rows.map(({ name }) => name));
  return migrations.map(({ name }) => name).filter((name) => !done.has(name));
}

/** The role a service runs as, next to the owner that migrates: `loa_planning_owner` migrates for `loa_planning`. */
export async function runtimeRole(runner: QueryRunner): Promise<string> {
  const [row] = (await runner.query(
    `SELECT quote_ident(regexp_replace(current_user, '_owner$', '')) AS role`,
  )) as [{ role: string }];
  return row.role;
}
