import type { StandaloneProcess } from '@loa/outside';
import { eventually } from '@loa/testing';
import { open, stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { inDatabase } from '../system/database.js';
import { LOG_PREFIX, statementsIn, type Statement } from './statements.js';

const DATABASE = 'loa_read';

/**
 * What the gateway asks its database while `ask` runs, in the words the database heard: so that the floor runs the very
 * same SQL, however the gateway comes to it. Asks several times: sessions take changed settings on one by one.
 */
export async function captured<T>(
  standalone: StandaloneProcess,
  ask: () => Promise<T>,
): Promise<{ answer: T; statements: Statement[] }> {
  const heard = () => heardWhile(standalone.postgresLog, ask);
  return inDatabase(await standalone.adminUrl('postgres'), async (admin) => {
    await logEverything(admin, true);
    try {
      return await eventually(async () => {
        const [once, again] = [await heard(), await heard()];
        // Others ask this database too, now and then: what is heard twice in a row belongs to the question.
        if (once.statements.length === 0 || !isDeepStrictEqual(once.statements, again.statements))
          throw new Error('it was not heard twice in the same words');
        return again;
      });
    } finally {
      await logEverything(admin, false);
      await eventually(async () => {
        if ((await heard()).statements.length > 0) throw new Error('a session still says what it is asked');
      });
    }
  });
}

async function heardWhile<T>(
  log: string,
  ask: () => Promise<T>,
): Promise<{ answer: T; statements: Statement[] }> {
  const { size } = await stat(log);
  const answer = await ask();
  return { answer, statements: statementsIn(await textFrom(log, size), DATABASE) };
}

async function logEverything(admin: pg.Client, yes: boolean): Promise<void> {
  await admin.query(yes ? `ALTER SYSTEM SET log_statement = 'all'` : 'ALTER SYSTEM RESET log_statement');
  await admin.query(
    yes ? `ALTER SYSTEM SET log_line_prefix = '${LOG_PREFIX} %d '` : 'ALTER SYSTEM RESET log_line_prefix',
  );
  await admin.query('SELECT pg_reload_conf()');
}

async function textFrom(path: string, start: number): Promise<string> {
  const file = await open(path);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of file.createReadStream({ start, autoClose: false }))
      chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await file.close();
  }
}
