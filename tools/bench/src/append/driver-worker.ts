import { openPool } from '@loa/database';
import type pg from 'pg';
import { answerCalls } from '../system/worker.js';
import type { AppendCall } from './append-worker.js';
import { DATA, EVENTS_PER_APPEND, META, TYPE } from './payload.js';
import { repeatedly } from './repeatedly.js';
import { insertOf } from './statements.js';

let pool: pg.Pool | undefined;
const insert = {
  name: 'floor.insert',
  text: insertOf({ type: '$1', data: '$2', meta: '$3' }),
  values: [TYPE, DATA, META],
};

answerCalls({
  open: async (connectionString: string) => {
    await pool?.end();
    pool = openPool({ connectionString, applicationName: 'loa-bench' });
  },
  /** Each caller has a client to itself, as long as they are no more than a pool has. */
  insert: ({ callers, seconds }: AppendCall) =>
    repeatedly(callers, seconds, EVENTS_PER_APPEND, async () => {
      if (!pool) throw new Error('not opened');
      const { rowCount } = await pool.query(insert);
      if (rowCount !== EVENTS_PER_APPEND) throw new Error(`${rowCount} rows were inserted`);
    }),
});
