import { migrate, openPool } from '@loa/database';
import { EventStore1700000000000 } from '@loa/event-store';
import { freshDatabase } from '@loa/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BadConfiguration } from './configuration.js';
import { HealthReport, untilMigrated } from './health.controller.js';
import { requireSchema } from './run-service.js';

class Later1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE later (id int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE later');
  }
}

const schema = { migrations: [EventStore1700000000000, Later1800000000000] };

/** Nobody listens there. */
const away = 'postgres://nobody:x@127.0.0.1:1/nowhere';

async function start(connectionString: string): Promise<void> {
  const pool = openPool({ connectionString, applicationName: 'require-schema' });
  try {
    await requireSchema('testing', pool, schema);
  } finally {
    await pool.end();
  }
}

it.each([
  ['without any schema', [], 'EventStore1700000000000, Later1800000000000'],
  ['of an older release', [EventStore1700000000000], 'Later1800000000000'],
])('a process does not start on a database %s, and says what to run', async (_, migrations, missing) => {
  const { runtime } = await freshDatabase('required', { migrations });
  await expect(start(runtime)).rejects.toThrow(
    new BadConfiguration(
      `the database of testing lacks migrations of this build: ${missing}. Run "node dist/main.js migrate" with ` +
        'LOA_OWNER_DATABASE_URL of its owner first, then start this again',
    ),
  );
});

it('starts on a database of this build, also as the role that owns nothing', async () => {
  const { runtime } = await freshDatabase('required', schema);
  await start(runtime);
});

it('starts while the database is away: it waits for it, and is not ready', () => start(away));

it('is not ready on a database that comes back unmigrated, says what is missing, and is once that was run', async () => {
  const older = { migrations: [EventStore1700000000000] };
  const { runtime, owner } = await freshDatabase('required', older);
  const pool = openPool({ connectionString: away, applicationName: 'require-schema' });
  try {
    await requireSchema('testing', pool, schema);
    const health = new HealthReport(
      () => pool.query('SELECT head FROM es.lane'),
      untilMigrated(pool, schema),
    );
    expect(await health.report()).toEqual({ ready: false, database: false, parts: {} });
    // It is back.
    pool.options.connectionString = runtime;
    const missing = { ready: false, database: true, missingMigrations: ['Later1800000000000'], parts: {} };
    expect(await health.report()).toEqual(missing);
    expect(await health.report()).toEqual(missing);
    await migrate(owner, schema);
    expect(await health.report()).toEqual({ ready: true, database: true, parts: {} });
  } finally {
    await pool.end();
  }
});
