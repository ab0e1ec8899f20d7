import { afterAll, beforeAll, describe } from '@jest/globals';
import { LocalPostgres } from '@loa/local-postgres';
import { describeUnless } from '@loa/testing';
import { existsSync } from 'node:fs';

/** Where Debian puts its package postgresql-15. */
const BINARIES = '/usr/lib/postgresql/15/bin';

/** The oldest PostgreSQL we run on. Where it is not installed these tests are skipped; under CI=true that is an error. */
export function describeWithPostgres15(tests: (server: () => string) => void): void {
  const missing = existsSync(BINARIES) ? undefined : `${BINARIES} is not there: install postgresql-15`;
  describeUnless(describe, missing, 'in PostgreSQL 15', () => {
    let server: LocalPostgres;
    beforeAll(async () => {
      server = await LocalPostgres.start({
        binaries: BINARIES,
        settings: { fsync: 'off', synchronous_commit: 'off' },
      });
    });
    afterAll(() => server.close());
    tests(() => server.adminUrl);
  });
}
