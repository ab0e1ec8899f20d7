import { toPosition } from '@loa/database';
import { nameOf, readDataBy, type ReadData, type RecordedEvent } from '@loa/event-sourcing';
import { failPoint } from '@loa/fail-points';
import type { CaughtUp, Checkpoint, DeliveredBatch, DeliveredEvent, Subscriber } from '@loa/transport';
import type pg from 'pg';
import { CaughtUpTimes } from './caught-up-times.js';
import { changesOf, foldChanges } from './fold.js';
import { ParkedEvents } from './parked-events.js';
import { ParkedWork } from './parked-work.js';
import type { ParkedNotice, ProjectorNotice } from './notice.js';
import { Parking } from './parking.js';
import { BEGIN, BEGIN_MANY, prepared } from './prepared.js';
import type { Projection } from './projection.js';
import { readRows, writeRows } from './read-rows.js';
import { projected, refusalOf } from './refusal.js';
import { sift } from './sift.js';
import { inTransaction } from './transaction.js';
import { lackingIn, UnknownTypes } from './unknown-types.js';

export interface ProjectorOptions {
  /** Names the reader; its checkpoints are kept under this name. */
  readonly name: string;
  readonly sources: readonly string[];
  readonly projections: readonly Projection[];
  /** The schema of the read tables, of `checkpoint`, and of what is parked. */
  readonly schema: string;
  /**
   * Every wire type that the contracts of the sources declare. Projections look at some types only, so an event that
   * none looks at is passed over; one whose type is not even declared is passed over as well, but written down beside
   * the rows, counted, and told once a type: it comes from a newer release, and the rows are to be made anew when this
   * build learns what it means.
   */
  readonly knownTypes?: ReadonlySet<string>;
  readonly onNotice?: (notice: ProjectorNotice) => void;
}

/** Since the start of this process. */
export interface ProjectorCounters {
  /** Events that projections looked at and that are in the rows. */
  readonly applied: number;
  /** Events set aside, also those that only stand behind one that failed. */
  readonly parked: number;
  /** Parked events that were applied after all. */
  readonly retried: number;
  /** Parked events that operators left out for good. */
  readonly dropped: number;
  /** Batches that were handed back, to come again. */
  readonly failures: number;
  /** Events of types that no contract declares. */
  readonly unknown: number;
}

/** Events in a batch whose rows are sought one by one. */
const FEW = 100;

/** Events are missing between the checkpoint and what arrived: nothing may be applied past the hole. */
export class MissedEvents extends Error {
  constructor(source: string, partition: number, at: number, previous: number) {
    super(
      `${source}/${partition}: the reader stands at ${at}, but the next event follows ${previous}: events are missing. ` +
        `Nothing is applied past the hole. If the log of ${source} has them, see "To publish a topic anew" in ` +
        'infra/kafka/README.md; if not, restore it from a backup. Reading goes on by itself',
    );
  }
}

/**
 * Keeps read tables up to date: rows, their history and the checkpoint commit in one transaction. An event that cannot
 * be applied is parked there too, with every later event of its stream, and the other streams flow on.
 */
export class Projector implements Subscriber {
  readonly name: string;
  readonly sources: readonly string[];
  /** Carries out what operators want done with parked events. */
  readonly parkedWork: ParkedWork;
  readonly caughtUpTimes: CaughtUpTimes;
  private readonly counted = { applied: 0, parked: 0, retried: 0, dropped: 0, failures: 0, unknown: 0 };
  private readonly types: ReadonlySet<string>;
  private readonly readData: ReadData;
  private readonly unknownTypes: UnknownTypes;

  constructor(
    private readonly pool: pg.Pool,
    private readonly options: ProjectorOptions,
  ) {
    this.name = options.name;
    this.sources = options.sources;
    this.types = new Set(options.projections.flatMap(({ handlers }) => [...handlers.keys()]));
    this.readData = readDataBy(options.projections.flatMap(({ contracts }) => contracts));
    this.unknownTypes = new UnknownTypes(options.knownTypes);
    this.caughtUpTimes = new CaughtUpTimes(pool, options);
    this.parkedWork = new ParkedWork(pool, options, this.counted, {
      lock: async (client, source, partition) => void (await this.lockCheckpoint(client, source, partition)),
      apply: (client, events) => {
        projected(() => this.unknownTypes.refuse(events));
        return this.apply(client, events);
      },
    });
  }

  get counters(): ProjectorCounters {
    return this.counted;
  }

  async checkpoints(): Promise<Checkpoint[]> {
    const { rows } = await this.pool.query<{
      source: string;
      partition: number;
      position: string;
      offset: string;
      recordedAt: Date | null;
    }>(
      `SELECT source, partition, position, "offset", recorded_at AS "recordedAt"
         FROM ${this.options.schema}.checkpoint WHERE reader = $1`,
      [this.name],
    );
    return rows.map(({ source, partition, position, offset, recordedAt }) => ({
      source,
      partition,
      position: toPosition(position),
      offset: toPosition(offset),
      recordedAt: recordedAt?.toISOString(),
    }));
  }

  /** Since an instant up to which it has all that was recorded, of the partition furthest behind; undefined: it never read. */
  async secondsBehind(): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ seconds: number | null }>(
      `SELECT max(extract(epoch FROM now() - coalesce(caught_up_at, applied_at)))::float8 AS seconds
         FROM ${this.options.schema}.checkpoint WHERE reader = $1`,
      [this.name],
    );
    const seconds = rows[0]?.seconds ?? null;
    return seconds === null ? undefined : Math.max(0, seconds);
  }

  /** Events that are set aside now, whichever process has done so. */
  parkedNow(): Promise<number> {
    return new ParkedEvents(this.pool, this.options).count();
  }

  /** Events that the rows lack because their type was not known, whichever process has passed them over. */
  async unknownNow(): Promise<number> {
    const lacking = await lackingIn(this.pool, this.options.schema, this.name);
    return lacking.reduce((sum, { events }) => sum + events, 0);
  }

  caughtUp(at: CaughtUp): void {
    this.caughtUpTimes.note(at);
  }

  async handle(batch: DeliveredBatch): Promise<void> {
    try {
      await this.takeIn(batch, 'whole').catch((error: unknown) => {
        if (!refusalOf(error)) throw error;
        return this.takeIn(batch, 'sifted');
      });
    } catch (error) {
      this.counted.failures += 1;
      throw error;
    }
  }

  /** @param how `whole`: one event at fault undoes the batch; `sifted`: it is found and parked */
  private async takeIn(batch: DeliveredBatch, how: 'whole' | 'sifted'): Promise<void> {
    const { source, partition, events: all } = batch;
    const taken = await inTransaction(this.pool, all.length <= FEW ? BEGIN : BEGIN_MANY, async (client) => {
      const at = await this.lockCheckpoint(client, source, partition);
      const fresh = freshEvents(at, batch);
      const last = fresh.at(-1);
      if (!last) return undefined;
      const place = { reader: this.name, schema: this.options.schema, source, partition };
      const parking = await Parking.open(client, place, { from: at, events: fresh });
      // One of an unknown type has its place in its stream: behind an event that is parked it waits, as the others do.
      const events = fresh.filter((event) => this.matters(event) && !parking.isDropped(event));
      const apply = (some: readonly DeliveredEvent[]) => this.apply(client, some);
      if (how === 'sifted') await sift(client, events, parking, apply);
      else await apply(await parking.putBehind(events));
      const unknown = parking.notPut(events).filter((event) => this.unknownTypes.has(event));
      await this.unknownTypes.record(client, place, unknown);
      await this.moveCheckpoint(client, batch, last);
      failPoint('projector.beforeCommit');
      const parked = parking.put;
      return { applied: events.length - parked.length - unknown.length, parked, unknown };
    });
    failPoint('projector.afterCommit');
    if (taken) this.tell(source, taken);
  }

  /** Whether a projection looks at it, or might if this build knew its type. */
  private matters(event: DeliveredEvent): boolean {
    return this.types.has(event.type) || this.unknownTypes.has(event);
  }

  /** Passes those over that no projection looks at. */
  private async apply(client: pg.PoolClient, all: readonly DeliveredEvent[]): Promise<void> {
    const events = all.filter(({ type }) => this.types.has(type));
    const { projections, schema } = this.options;
    const changes = projected(() =>
      changesOf(
        projections,
        events.map((event) => recordedOf(event, this.readData)),
      ),
    );
    const before = await readRows(client, schema, changes);
    await writeRows(
      client,
      schema,
      projected(() => foldChanges(changes, before)),
    );
  }

  private async moveCheckpoint(
    client: pg.PoolClient,
    { source, partition }: DeliveredBatch,
    last: DeliveredEvent,
  ): Promise<void> {
    await client.query(
      prepared(
        `UPDATE ${this.options.schema}.checkpoint SET position = $4, "offset" = $5, recorded_at = $6, applied_at = now()
          WHERE reader = $1 AND source = $2 AND partition = $3`,
        [this.name, source, partition, last.position, last.offset, last.recordedAt],
      ),
    );
  }

  /** The row lock is the fence: a reader that lost the partition but still runs waits here, then sees the newer position. */
  private async lockCheckpoint(client: pg.PoolClient, source: string, partition: number): Promise<number> {
    const key = [this.name, source, partition];
    const table = `${this.options.schema}.checkpoint`;
    const select = prepared(
      `SELECT position FROM ${table} WHERE reader = $1 AND source = $2 AND partition = $3 FOR UPDATE`,
      key,
    );
    const found = await client.query<{ position: string }>(select);
    if (found.rows[0]) return toPosition(found.rows[0].position);
    await client.query(
      `INSERT INTO ${table} (reader, source, partition, position, "offset") VALUES ($1, $2, $3, 0, -1)
        ON CONFLICT DO NOTHING`,
      key,
    );
    const made = await client.query<{ position: string }>(select);
    return toPosition(made.rows[0]!.position);
  }

  /** After the commit: counts, and tells what operators should hear of. */
  private tell(
    source: string,
    {
      applied,
      parked,
      unknown,
    }: { applied: number; parked: readonly ParkedNotice[]; unknown: readonly DeliveredEvent[] },
  ): void {
    this.counted.applied += applied;
    this.counted.parked += parked.length;
    this.counted.unknown += unknown.length;
    const notices = [...parked, ...this.unknownTypes.notices(source, unknown)];
    for (const notice of notices) this.options.onNotice?.(notice);
  }
}

/**
 * The events that were not applied yet, each once: a carrier may repeat events in a later batch and within one.
 * @param at the position of the checkpoint
 * @throws MissedEvents when one follows an event that is neither applied nor here
 */
function freshEvents(at: number, { source, partition, events }: DeliveredBatch): DeliveredEvent[] {
  const fresh: DeliveredEvent[] = [];
  for (const event of events) {
    const reached = fresh.at(-1)?.position ?? at;
    if (event.position <= reached) continue;
    if (event.previous > reached) throw new MissedEvents(source, partition, reached, event.previous);
    fresh.push(event);
  }
  return fresh;
}

/** @throws UnknownVersion */
function recordedOf(event: DeliveredEvent, readData: ReadData): RecordedEvent {
  const meta = JSON.parse(event.meta) as { at?: string };
  return {
    type: event.type,
    name: nameOf(event.type),
    schemaVersion: event.schemaVersion,
    data: readData(event),
    streamId: event.streamId,
    version: event.version,
    position: event.position,
    eventId: event.eventId,
    occurredAt: meta.at ?? event.recordedAt,
    recordedAt: event.recordedAt,
  };
}
