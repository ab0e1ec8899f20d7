import type { DeliveredEvent } from '@loa/transport';
import type pg from 'pg';
import type { UnknownTypeNotice } from './notice.js';
import type { Place } from './parking.js';

/** A parked event is of a type that this build does not know, so it cannot say whether it fails still. */
class UnknownType extends Error {
  constructor(type: string) {
    super(
      `no contract that this build knows declares ${type}: deploy the release that has parked it, or a newer one, ` +
        'then retry the stream',
    );
  }
}

/** What a reader makes of events whose type no contract declares: it passes them over, and keeps account of them. */
export class UnknownTypes {
  private readonly told = new Set<string>();

  /** @param knownTypes undefined: every type counts as known */
  constructor(private readonly knownTypes: ReadonlySet<string> | undefined) {}

  has({ type }: DeliveredEvent): boolean {
    return this.knownTypes !== undefined && !this.knownTypes.has(type);
  }

  /** @throws UnknownType */
  refuse(events: readonly DeliveredEvent[]): void {
    const first = events.find((event) => this.has(event));
    if (first) throw new UnknownType(first.type);
  }

  /**
   * To be done in the transaction that moves the checkpoint past the events: each is counted once then. A row belongs to
   * a partition, as the checkpoint does, so that no partition waits for another.
   */
  async record(
    client: pg.PoolClient,
    { schema, reader, source, partition }: Place,
    events: readonly DeliveredEvent[],
  ): Promise<void> {
    if (events.length === 0) return;
    await client.query(
      `INSERT INTO ${schema}.unknown_type AS u (reader, source, partition, type, first_position, last_position, events)
       SELECT $1, $2, $3, type, min(position), max(position), count(*)
         FROM unnest($4::text[], $5::bigint[]) e (type, position) GROUP BY type
       ON CONFLICT (reader, source, partition, type) DO UPDATE
         SET last_position = excluded.last_position, events = u.events + excluded.events, last_seen_at = now()`,
      [reader, source, partition, events.map(({ type }) => type), events.map(({ position }) => position)],
    );
  }

  /** One for each type that was not told of before. */
  *notices(source: string, events: readonly DeliveredEvent[]): Generator<UnknownTypeNotice> {
    for (const { type, position } of events) {
      if (this.told.has(type)) continue;
      this.told.add(type);
      yield { kind: 'unknown-type', source, type, position };
    }
  }
}

/** Events that rows lack because their type was not known, as far as a judgement needs it. */
export interface Lacking {
  readonly source: string;
  readonly type: string;
  readonly first: number;
  readonly last: number;
  readonly events: number;
}

/** What the rows of a schema lack, of all partitions together. */
export async function lackingIn(
  session: Pick<pg.Pool, 'query'>,
  schema: string,
  reader: string,
): Promise<Lacking[]> {
  // Positions and counts of one log are far from where numbers of JSON end.
  const { rows } = await session.query<{ lacking: Lacking[] }>(
    `SELECT coalesce(json_agg(l), '[]') AS lacking FROM (
       SELECT source, type, min(first_position) AS first, max(last_position) AS last, sum(events) AS events
         FROM ${schema}.unknown_type WHERE reader = $1 GROUP BY source, type ORDER BY source, first, type) l`,
    [reader],
  );
  return rows[0]!.lacking;
}
