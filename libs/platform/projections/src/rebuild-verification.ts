import { toPosition } from '@loa/database';
import type { StoredEvent } from '@loa/event-store';
import type pg from 'pg';
import { GenerationRefusal, type ReadSide } from './generation.js';
import { PAGE } from './generation-feed.js';
import { carriedIn, nearest, placeIn, type Places } from './generation-places.js';
import type { Projection } from './projection.js';
import { lackingIn } from './unknown-types.js';

/** Rows of all read tables and their histories. */
export async function countRows(
  pool: pg.Pool,
  projections: readonly Projection[],
  schema: string,
): Promise<number> {
  const names = projections.flatMap(({ tables }) => tables).flatMap(({ name }) => [name, `${name}_history`]);
  const counts = names.map((name) => `(SELECT count(*) FROM ${schema}."${name}")`);
  const { rows } = await pool.query<{ rows: string }>(`SELECT ${counts.join(' + ')} AS rows`);
  return toPosition(rows[0]!.rows);
}

/** Events that this code cannot apply although the live rows contain them. @throws GenerationRefusal */
export async function refuseParked(pool: pg.Pool, live: string, shadow: string): Promise<void> {
  const { rows } = await pool.query<{ source: string; position: string; type: string; error: string | null }>(
    `SELECT source, position, type, error FROM ${shadow}.parked s
      WHERE NOT EXISTS (SELECT FROM ${live}.parked l
                         WHERE (l.reader, l.source, l.position) = (s.reader, s.source, s.position))
      ORDER BY source, position`,
  );
  const [first] = rows;
  if (!first) return;
  throw new GenerationRefusal(
    `${rows.length} event(s) were parked that are not parked among the live rows, the first of them ${first.source} ` +
      `${first.position} (${first.type}): ${first.error ?? 'it stands behind one that failed'}. Nothing was swapped. Mend the ` +
      'projection and run the rebuild again from the start, or force the swap',
  );
}

/**
 * Events of types that this build does not know, which other rows lack although the live ones do not: a newer build keeps
 * those, and what people have seen would vanish.
 * @throws GenerationRefusal
 */
export async function refuseUnknown(
  pool: pg.Pool,
  { schema: live, reader, knownTypes }: ReadSide,
  shadow: string,
): Promise<void> {
  const [places, known, lacking] = await Promise.all([
    placesIn(pool, live, reader),
    lackingIn(pool, live, reader),
    lackingIn(pool, shadow, reader),
  ]);
  const vanishing = lacking.find((one) => {
    // What a build knows it has not passed over itself: rows that lack it are asked for as they are.
    if (knownTypes.has(one.type)) return false;
    const alsoLive =
      known.find(({ source, type }) => source === one.source && type === one.type)?.events ?? 0;
    const place = places.get(one.source) ?? 0;
    // What lies beyond the live rows may be as unknown to the one who keeps them.
    return alsoLive === 0 ? one.first <= place : one.events > alsoLive && one.last <= place;
  });
  if (vanishing) throw notKnown(vanishing.source, vanishing.type, vanishing.first);
}

/**
 * The same of events that rows are still to be brought up to, before any is passed over.
 * @param placesOf how far the rows are, by source
 * @throws GenerationRefusal
 */
export async function refuseUnknownAhead(
  pool: pg.Pool,
  { schema: live, reader, logs, knownTypes, partitions }: ReadSide,
  placesOf: (source: string) => Promise<Places>,
): Promise<void> {
  const lacking = await lackingIn(pool, live, reader);
  for (const [source, log] of Object.entries(logs)) {
    const expected = new Set(lacking.filter((one) => one.source === source).map(({ type }) => type));
    const places = await placesOf(source);
    const ahead = ({ streamId, position }: StoredEvent) =>
      position > placeIn(places, carriedIn(streamId, partitions));
    let at = nearest(places, partitions);
    for (let page = await log.read(at, PAGE); page.length > 0; page = await log.read(at, PAGE)) {
      const found = page.find(
        (event) => !knownTypes.has(event.type) && !expected.has(event.type) && ahead(event),
      );
      if (found) throw notKnown(source, found.type, found.position);
      at = page.at(-1)!.position;
    }
  }
}

const notKnown = (source: string, type: string, position: number): GenerationRefusal =>
  new GenerationRefusal(
    `this build does not know ${type} (${source}, from position ${position} on), and the live rows are not known to lack ` +
      'it: a newer release keeps them. Nothing was swapped. Use "loa" of the release that serves, or force the swap',
  );

/** How far the live rows are, by source. */
async function placesIn(pool: pg.Pool, live: string, reader: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ source: string; place: string }>(
    `SELECT source, max(position) AS place FROM ${live}.checkpoint WHERE reader = $1 GROUP BY source`,
    [reader],
  );
  return new Map(rows.map(({ source, place }) => [source, toPosition(place)]));
}
