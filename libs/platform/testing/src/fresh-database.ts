import { migrate, provision, type DatabaseAccess, type Schema } from '@loa/database';
import { randomBytes } from 'node:crypto';

/** Where the server of this test run is: started by the global set-up of Jest. */
export function testServer(): string {
  const url = process.env['LOA_TEST_POSTGRES'];
  if (!url)
    throw new Error(
      'LOA_TEST_POSTGRES is not set: run the tests through "npm test" or jest with its configuration',
    );
  return url;
}

/** A database of its own for one test file, with both roles and the schema in place; on the server of the test run. */
export async function freshDatabase(
  name: string,
  schema: Schema,
  server = testServer(),
): Promise<DatabaseAccess> {
  const unique = `${name}_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const access = await provision(server, unique, { owner: password, runtime: password });
  await migrate(access.owner, schema);
  return access;
}
