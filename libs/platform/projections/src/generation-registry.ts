import type pg from 'pg';
import { toPosition } from '@loa/database';
import type { ReadSide } from './generation.js';

export type GenerationState = 'building' | 'live' | 'kept' | 'discarded';

/** What operators see of one generation. */
export interface Generation {
  readonly number: number;
  /** Where its tables are now. */
  readonly schemaName: string;
  readonly state: GenerationState;
  /** Of the projections it was made with; null: made before generations were kept. */
  readonly code: string | null;
  readonly startedAt: Date | null;
  /** When its rows were complete. */
  readonly builtAt: Date | null;
  readonly liveAt: Date | null;
  /** 0 to 1. */
  readonly progress: number;
  /** By source; how far it had come when it became live. */
  readonly positions: Readonly<Record<string, number>> | null;
  readonly events: number | null;
  /** Of read tables and histories. */
  readonly rows: number | null;
  /** From the generation that was live, at equal positions; null: not compared. */
  readonly differences: number | null;
  readonly seconds: number | null;
}

type Session = pg.Pool | pg.PoolClient;

type Changes = Partial<Omit<Generation, 'number' | 'startedAt' | 'code'>>;

const columns: Readonly<Record<keyof Changes, string>> = {
  schemaName: 'schema_name',
  state: 'state',
  builtAt: 'built_at',
  liveAt: 'live_at',
  progress: 'progress',
  positions: 'positions',
  events: 'events',
  rows: 'rows',
  differences: 'differences',
  seconds: 'seconds',
};

const selected = `number, schema_name AS "schemaName", state, code, started_at AS "startedAt", built_at AS "builtAt",
  live_at AS "liveAt", progress, positions, events, rows, differences, seconds`;

const counted = (value: number | string | null) => (value === null ? null : toPosition(value));

/** The records about the generations of one read side. */
export class GenerationRegistry {
  private readonly table: string;

  constructor(private readonly side: Pick<ReadSide, 'schema' | 'registry'>) {
    this.table = `${side.registry}.generation`;
  }

  /** Oldest first. */
  async list(session: Session): Promise<Generation[]> {
    const { rows } = await session.query<Generation>(
      `SELECT ${selected} FROM ${this.table} WHERE read_schema = $1 ORDER BY number`,
      [this.side.schema],
    );
    return rows.map((row) => ({
      ...row,
      events: counted(row.events),
      rows: counted(row.rows),
      differences: counted(row.differences),
    }));
  }

  /** The one that serves; what was there before generations were kept is number 1. */
  async live(session: Session): Promise<Generation> {
    const find = async () => (await this.list(session)).find(({ state }) => state === 'live');
    const found = await find();
    if (found) return found;
    await session.query(
      `INSERT INTO ${this.table} (read_schema, number, schema_name, state, progress) VALUES ($1, 1, $1, 'live', 1)`,
      [this.side.schema],
    );
    return (await find())!;
  }

  async begin(session: Session, schemaName: string, code: string): Promise<Generation> {
    const { rows } = await session.query<{ number: number }>(
      `INSERT INTO ${this.table} (read_schema, number, schema_name, state, code, started_at)
       SELECT $1, coalesce(max(number), 0) + 1, $2, 'building', $3, now() FROM ${this.table} WHERE read_schema = $1
       RETURNING number`,
      [this.side.schema, schemaName, code],
    );
    return (await this.list(session)).find(({ number }) => number === rows[0]!.number)!;
  }

  async change(session: Session, number: number, changes: Changes): Promise<void> {
    const entries = Object.entries(changes) as [keyof Changes, unknown][];
    const list = entries.map(([name], index) => `${columns[name]} = $${index + 3}`);
    await session.query(
      `UPDATE ${this.table} SET ${list.join(', ')} WHERE read_schema = $1 AND number = $2`,
      [this.side.schema, number, ...entries.map(([, value]) => value)],
    );
  }

  async remove(session: Session, number: number): Promise<void> {
    await session.query(`DELETE FROM ${this.table} WHERE read_schema = $1 AND number = $2`, [
      this.side.schema,
      number,
    ]);
  }
}
