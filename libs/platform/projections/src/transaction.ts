import type pg from 'pg';

/**
 * Runs work in one transaction, and undoes all of it when it throws. A session that is cut meanwhile is thrown away.
 * @param begin `BEGIN`, with what is to hold in this transaction only, e.g. `BEGIN READ ONLY; SET LOCAL …`
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // pg tells of a cut session twice, and the second time an error without a listener would end the process.
  const heard = () => undefined;
  client.on('error', heard);
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = await client.query('ROLLBACK').then(
      () => undefined,
      (reason: Error) => reason,
    );
    throw error;
  } finally {
    client.release(broken);
    if (!broken) client.off('error', heard);
  }
}
