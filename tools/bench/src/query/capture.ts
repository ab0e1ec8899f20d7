import type { StandaloneProcess } from '@loa/outside';
import { open, stat } from 'node:fs/promises';
import type pg from 'pg';
import { inDatabase } from '../system/database.js';
import { LOG_PREFIX, statementsIn, type Statement } from './statements.js';

const DATABASE = 'loa_read';

/**
 * What the gateway asks its database while `ask` runs, in the words the database heard: so that the floor runs the very
 * same SQL, however the gateway comes to it.
 */
export async function captured<T>(
  standalone: StandaloneProcess,
  ask: () => Promise<T>,
): Promise<{ answer: T; statements: Statement[] }> {
  return inDatabase(await standalone.adminUrl('postgres'), async (admin) => {
    await logEverything(admin, true);
    try {
      const { size } = await stat(standalone.postgresLog);
      const answer = await ask();
      return { answer, statements: statementsIn(await textFrom(standalone.postgresLog, size), DATABASE) };
    } finally {
      await logEverything(admin, false);
    }
  });
}

async function logEverything(admin: pg.Client, yes: boolean): Promise<void> {
  await admin.query(yes ? `ALTER SYSTEM SET log_statement = 'all'` : 'ALTER SYSTEM RESET log_statement');
  await admin.query(
    yes ? `ALTER SYSTEM SET log_line_prefix = '${LOG_PREFIX} %d '` : 'ALTER SYSTEM RESET log_line_prefix',
  );
  await admin.query('SELECT pg_reload_conf()');
  // Every session takes the new settings on before its next statement, once the signal has reached it.
  await new Promise((resolve) => setTimeout(resolve, 300));
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
