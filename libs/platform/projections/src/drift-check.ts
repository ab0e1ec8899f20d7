import type pg from 'pg';
import { toPosition } from '@loa/database';
import { compareWithLive, type ComparedAt } from './drift-snapshot.js';
import type { Difference, TableComparison } from './drift.js';
import { checkedSide, checkSchema, GenerationRefusal, type Onlooker, type ReadSide } from './generation.js';
import { alone, onHolder, type Sessions } from './generation-sessions.js';
import { Shadow } from './generation-shadow.js';
import { RebuildProgress } from './rebuild-progress.js';

/** "0 differences of N rows at position P", as it is kept. */
export interface DriftRecord {
  readonly id: number;
  readonly checkedAt: Date;
  /** Of the projections that made the rows anew. */
  readonly code: string;
  /** By source: up to where the facts were taken in. */
  readonly positions: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly differences: number;
  /** Events that the rows leave out: parked, dropped, or of a type that was not known. Null: that was not counted then. */
  readonly leftOut: number | null;
  readonly tables: readonly TableComparison[];
  readonly examples: readonly Difference[];
  readonly seconds: number;
}

/** The records of a read side, newest first. */
export async function driftRecords(
  session: pg.Pool | pg.PoolClient,
  { schema, registry }: Pick<ReadSide, 'schema' | 'registry'>,
  first: number,
): Promise<DriftRecord[]> {
  const { rows } = await session.query<
    DriftRecord & Record<'id' | 'rows' | 'differences', string> & { readonly leftOut: string | null }
  >(
    `SELECT id, checked_at AS "checkedAt", code, positions, rows, differences, left_out AS "leftOut", tables, examples,
            seconds
       FROM ${registry}.drift_check WHERE read_schema = $1 ORDER BY id DESC LIMIT $2`,
    [schema, first],
  );
  return rows.map((row) => ({
    ...row,
    id: toPosition(row.id),
    rows: toPosition(row.rows),
    differences: toPosition(row.differences),
    leftOut: row.leftOut === null ? null : toPosition(row.leftOut),
  }));
}

/**
 * Makes all rows anew from the logs beside the live ones, compares them at equal positions and keeps what was found.
 * The live ones serve and move on meanwhile; their reader halts for some milliseconds once.
 * @throws GenerationRefusal while a rebuild or another check is under way
 */
export async function checkDrift(given: ReadSide, onlooker: Onlooker = {}): Promise<DriftRecord> {
  const side = checkedSide(given);
  return alone(side, async (sessions) => {
    const begun = performance.now();
    const shadow = new Shadow(sessions, side, checkSchema(side.schema));
    onlooker.onStep?.('create', shadow.schema);
    await onHolder(sessions, 'BEGIN', (client) => shadow.create(client));
    try {
      const found = await remade(sessions, side, shadow, onlooker);
      return await keep(sessions, side, found, (performance.now() - begun) / 1_000);
    } finally {
      await shadow.drop(sessions.holder);
    }
  });
}

async function remade(
  sessions: Sessions,
  side: ReadSide,
  shadow: Shadow,
  { onStep, onProgress }: Onlooker,
): Promise<ComparedAt> {
  const progress = new RebuildProgress(() => performance.now());
  for (const [source, log] of Object.entries(side.logs)) progress.begin(source, 0, await log.head());
  onStep?.('read', Object.keys(side.logs).join(', '));
  await shadow.fill((source, position) => onProgress?.(progress.taken(source, position)), {
    pastLive: false,
  });
  await shadow.split();
  onStep?.('compare', shadow.schema);
  const found = await compareWithLive(sessions, side, shadow, 0);
  if (!found)
    throw new GenerationRefusal(`the live rows of ${side.schema} went back while they were compared`);
  return found;
}

async function keep(
  { holder }: Sessions,
  side: ReadSide,
  { positions, rows, differences, leftOut, tables, examples }: ComparedAt,
  seconds: number,
): Promise<DriftRecord> {
  await holder.query(
    `INSERT INTO ${side.registry}.drift_check
       (read_schema, checked_at, code, positions, rows, differences, left_out, tables, examples, seconds)
     VALUES ($1, now(), $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      side.schema,
      side.code,
      positions,
      rows,
      differences,
      leftOut,
      JSON.stringify(tables),
      JSON.stringify(examples),
      seconds,
    ],
  );
  return (await driftRecords(holder, side, 1))[0]!;
}
