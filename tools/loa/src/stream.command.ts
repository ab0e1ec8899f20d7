import type { EventStore, StoredEvent } from '@loa/event-store';
import { drawn } from '@loa/terminal';
import { assertId } from './assert-id.js';
import { CannotDo } from './cannot-do.js';
import type { DatabasePlace, Installation } from './installation.js';
import { withLog } from './lent-log.js';
import type { Outcome } from './outcome.js';

const LONGEST = 100;

/**
 * The life of one thing, in whichever context it lives.
 * @param id of the thing or of its stream; for most things the two are one
 */
export async function stream({ contexts }: Installation, id: string): Promise<Outcome> {
  assertId(id);
  const lives = (await Promise.all(contexts.map((place) => lifeIn(place, id)))).flat();
  if (lives.length === 0) throw new CannotDo(`no event of any context is about ${id}`);
  return {
    json: { streams: lives },
    text: lives
      .map(({ context, streamId, events }) =>
        drawn({
          title: `${context} ${streamId}: ${events.length} events`,
          columns: ['version', 'happened', 'recorded', 'event', 'data'],
          rows: events.map(({ version, occurredAt, recordedAt, name, data }) => [
            String(version),
            occurredAt,
            recordedAt,
            name,
            shortened(JSON.stringify(data)),
          ]),
        }),
      )
      .join('\n\n'),
  };
}

async function lifeIn(place: DatabasePlace, id: string) {
  return withLog(place, async (store) => {
    const own = await store.loadAll([id]);
    const streams = own.size > 0 ? own : await store.loadAll(await streamsAbout(store, id));
    return [...streams].map(([streamId, { events }]) => ({
      context: place.name,
      streamId,
      events: events.map(told),
    }));
  });
}

/** A thing that is named by several ids has a stream of another id; what happened to it carries the thing's own. Reads the whole log. */
async function streamsAbout({ pool }: EventStore, id: string): Promise<string[]> {
  const { rows } = await pool.query<{ stream_id: string }>(
    `SELECT DISTINCT stream_id FROM es.event WHERE meta ->> 'id' = $1 LIMIT 50`,
    [id.toLowerCase()],
  );
  return rows.map(({ stream_id: streamId }) => streamId);
}

function told({ version, position, type, schemaVersion, data, meta, recordedAt }: StoredEvent) {
  const { at, command } = JSON.parse(meta) as { at?: string; command?: string };
  return {
    version,
    position,
    name: type.slice(type.indexOf('.') + 1),
    schemaVersion,
    command,
    occurredAt: at ?? recordedAt,
    recordedAt,
    data: JSON.parse(data) as unknown,
  };
}

const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
