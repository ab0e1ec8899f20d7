import { openPool } from '@loa/database';
import type { Append, AppendResult } from '../appender.js';
import { EventStore } from '../event-store.js';

/** What a writer that runs as a process of its own is told, as JSON in its first argument. */
export interface WriterPlan {
  readonly connectionString: string;
  readonly append: Append;
  /** First it appends in a transaction of its own, says so, and commits when it is told to. */
  readonly inTransaction: boolean;
}

/** What it says, one after the other. */
export type WriterWord = 'has the lane' | 'committed' | 'not committed' | AppendResult['status'];

const plan = JSON.parse(process.argv[2]!) as WriterPlan;
const pool = openPool({ connectionString: plan.connectionString, applicationName: 'writer', max: 1 });
const store = new EventStore(pool);
const tell = (word: WriterWord) => process.send!(word);
// Also when the test was killed: nobody else would end us.
process.on('disconnect', () => process.exit(0));

if (plan.inTransaction) {
  const told = new Promise((resolve) => process.once('message', resolve));
  const { streamId, events } = plan.append;
  const session = await pool.connect();
  await session.query('BEGIN');
  await session.query(`SELECT es.append($1, 0, ARRAY[$2]::uuid[], 'x', '{1}', '{}', '{}', '{}')`, [
    streamId,
    events[0]!.eventId,
  ]);
  tell('has the lane');
  await told;
  tell(
    await session.query('COMMIT').then(
      () => 'committed',
      () => 'not committed',
    ),
  );
  session.release(true);
}
tell((await store.append(plan.append)).status);
tell((await store.append(plan.append)).status);
await store.close();
process.disconnect();
