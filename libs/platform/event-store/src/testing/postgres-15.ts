import { afterAll, beforeAll, describe } from '@jest/globals';
import { LocalPostgres } from '@loa/local-postgres';
import { existsSync } from 'node:fs';

/** Where Debian puts its package postgresql-15. */
const BINARIES = '/usr/lib/postgresql/15/bin';

/** The oldest PostgreSQL we run on. Where it is not installed these tests are skipped; under CI=true that is an error. */
export function describeWithPostgres15(tests: (server: () => string) => void): void {
  const name = 'in PostgreSQL 15';
  if (!existsSync(BINARIES)) {
    if (process.env['CI'] === 'true')
      throw new Error(
        `${BINARIES} is not there, and under CI=true these tests must run: install postgresql-15`,
      );
    // oxlint-disable-next-line jest/no-disabled-tests -- they are counted as what they are
    describe.skip(name, () => tests(() => ''));
    return;
  }
  describe(name, () => {
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
