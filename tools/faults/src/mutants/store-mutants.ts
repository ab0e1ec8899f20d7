import type { Mutant } from './mutant.js';

const store = 'libs/platform/event-store/src';
const append = `${store}/append-functions.migration.ts`;
const appender = `${store}/appender.ts`;
const conformance = { jest: [`${store}/event-store.conformance.spec.ts`] };

const lockOne = `  UPDATE es.lane SET head = head + n, recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))
   WHERE lane = 0 RETURNING head - n, recorded_at INTO STRICT base, at;
`;
const readOne = `  SELECT coalesce(max(e.version), 0) INTO cur FROM es.event e WHERE e.stream_id = p_stream;
`;
const giveBack = `    -- The unused numbers go back, so that the log stays dense.
    UPDATE es.lane SET head = base WHERE lane = 0;
`;

/** What the log promises: es.append and the appender before it. */
export const storeMutants: readonly Mutant[] = [
  {
    name: 'no lane lock',
    edits: [
      {
        file: append,
        from: lockOne,
        to: `  SELECT head, greatest(recorded_at, clock_timestamp()) FROM es.lane WHERE lane = 0 INTO base, at;
`,
      },
      {
        file: append,
        from: `  status := 0;
  version := cur + n;
`,
        to: `  UPDATE es.lane SET head = base + n, recorded_at = at WHERE lane = 0;
  status := 0;
  version := cur + n;
`,
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'positions in the order of asking, not of committing',
    edits: [
      {
        file: append,
        from: lockOne,
        to: `  PERFORM pg_advisory_lock(1);
  base := nextval('es.place') - 1;
  PERFORM setval('es.place', base + n);
  PERFORM pg_advisory_unlock(1);
  at := clock_timestamp();
  PERFORM pg_sleep(random() * 0.01);
`,
      },
      {
        file: append,
        from: 'for (const sql of [append, appendBatch]) await runner.query(sql);',
        to: `for (const sql of [append, appendBatch]) await runner.query(sql);
    await runner.query('CREATE SEQUENCE es.place');`,
      },
      { file: appender, from: 'const MAX_BATCH = 256;', to: 'const MAX_BATCH = 1;' },
    ],
    killedBy: conformance,
  },
  {
    name: 'read before the lock',
    edits: [{ file: append, from: lockOne + readOne, to: readOne + lockOne }],
    killedBy: conformance,
  },
  {
    name: 'head not given back on conflict',
    edits: [{ file: append, from: giveBack, to: '' }],
    killedBy: conformance,
  },
  {
    name: 'head not given back when a batch goes one by one',
    edits: [
      {
        file: append,
        from: `so that each gets its own answer.
  UPDATE es.lane SET head = base WHERE lane = 0;
`,
        to: `so that each gets its own answer.
`,
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'the expected version is not looked at',
    edits: [
      {
        file: append,
        from: `ELSIF p_expected >= 0 OR (p_expected = -2 AND cur = 0) THEN`,
        to: `ELSIF p_expected = -2 AND cur = 0 THEN`,
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'a repeat is not told from a conflict',
    edits: [
      { file: append, from: `HAVING array_agg(e.event_id ORDER BY e.version) = p_id;`, to: `HAVING false;` },
    ],
    killedBy: conformance,
  },
  {
    name: 'an append of the same length counts as a repeat',
    edits: [
      {
        file: append,
        from: `HAVING array_agg(e.event_id ORDER BY e.version) = p_id;`,
        to: `HAVING count(*) = n;`,
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'the time of recording may go back',
    edits: [
      {
        file: append,
        from: `SET head = head + n, recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))`,
        to: `SET head = head + n, recorded_at = date_trunc('milliseconds', clock_timestamp())`,
      },
      {
        file: append,
        from: `SET head = head + total,
         recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))`,
        to: `SET head = head + total,
         recorded_at = date_trunc('milliseconds', clock_timestamp())`,
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'commits that are not waited for',
    edits: [
      {
        file: appender,
        from: `      failPoint('appender.beforeSend');
`,
        to: `      failPoint('appender.beforeSend');
      await this.pool.query('SET synchronous_commit = off');
`,
      },
    ],
    killedBy: { faults: 'crash PostgreSQL', kafka: 'none' },
  },
  {
    name: 'every append of a batch gets the answer of the first',
    edits: [{ file: appender, from: 'resultOf(rows[index]!)', to: 'resultOf(rows[index * 0]!)' }],
    killedBy: conformance,
  },
  {
    name: 'two appends of a stream in one batch',
    edits: [
      {
        file: appender,
        from: 'if (full || streams.has(streamId) || (alone && batch.length > 0)) {',
        to: 'if (full || (alone && batch.length > 0)) {',
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'one bad payload fails its whole batch',
    edits: [
      {
        file: appender,
        from: 'if (batch.length === 1 || isTransient(error)) {',
        to: 'if (batch.length > 0 || isTransient(error)) {',
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'a page of the log holds all that was asked for, however large',
    edits: [
      {
        file: `${store}/event-page.ts`,
        from: 'return this.left < 0 && this.values > COLUMNS;',
        to: 'return this.left === Infinity;',
      },
    ],
    killedBy: conformance,
  },
  {
    name: 'a retry with new ids',
    edits: [
      {
        file: 'libs/platform/service/src/event-meta.ts',
        from: 'eventId: eventId(attempt.key, index),',
        to: 'eventId: eventId(`${attempt.key} ${Math.random()}`, index),',
      },
    ],
    killedBy: { jest: ['libs/platform/service/src/command-door.slice.spec.ts'] },
  },
  {
    name: 'a session may keep the lane for as long as it is silent',
    edits: [
      {
        file: 'libs/platform/database/src/pool.ts',
        from: '    idle_in_transaction_session_timeout: 10_000,\n',
        to: '',
      },
    ],
    killedBy: { jest: [`${store}/frozen-writer.slice.spec.ts`] },
  },
  {
    name: 'an append keeps the lane until its process has heard of it',
    edits: [
      {
        file: appender,
        from: `const { rows } = await this.pool.query<Row>({
      name: 'es.append',`,
        to: `const client = await this.pool.connect();
    await client.query('BEGIN');
    const { rows } = await client.query<Row>({
      name: 'es.append',`,
      },
      {
        file: appender,
        from: `claims ?? []],
      rowMode: 'array',
    });`,
        to: `claims ?? []],
      rowMode: 'array',
    });
    await client.query('COMMIT');
    client.release();`,
      },
    ],
    killedBy: { jest: [`${store}/frozen-writer.slice.spec.ts`] },
  },
  {
    name: 'any number of commands may wait for a connection',
    edits: [
      {
        file: 'libs/platform/service/src/command-door.ts',
        from: 'if (this.underWay > (this.parts.mostUnderWay ?? MOST_UNDER_WAY)) throw new StoreBusy();',
        to: '',
      },
    ],
    killedBy: { jest: ['libs/platform/service/src/exhausted-pool.slice.spec.ts'] },
  },
];
