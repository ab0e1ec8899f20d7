import { once } from 'node:events';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** The rows of a table, as COPY writes and reads them. */
interface Copied {
  readonly table: string;
  readonly text: Buffer;
}

/** Every row of these tables, held in memory. */
export async function takeRows(client: pg.Client, tables: readonly string[]): Promise<Copied[]> {
  const taken: Copied[] = [];
  for (const table of tables) {
    const chunks: Buffer[] = [];
    for await (const chunk of client.query(copyTo(`COPY ${table} TO STDOUT`))) chunks.push(chunk as Buffer);
    taken.push({ table, text: Buffer.concat(chunks) });
  }
  return taken;
}

/** Puts rows that were taken into the empty tables, in one transaction. */
export async function putRows(client: pg.Client, rows: readonly Copied[]): Promise<void> {
  await client.query('BEGIN');
  for (const { table, text } of rows) {
    const into = client.query(copyFrom(`COPY ${table} FROM STDIN`));
    into.end(text);
    await once(into, 'finish');
  }
  await client.query('COMMIT');
}
