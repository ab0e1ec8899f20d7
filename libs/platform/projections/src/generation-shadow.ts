import { IN_THE_LOG, type Checkpoint } from '@loa/transport';
import type pg from 'pg';
import { GenerationRefusal, type ReadSide } from './generation.js';
import { carryDecisions, dropsUnknownTo, leaveOutDropped } from './generation-decisions.js';
import { completeUpTo, feedPartitions, feedWhole, lostSince, PAGE, type Feed } from './generation-feed.js';
import { partitionEnds, standAtEnds, standBehindAll, type PartitionEnd } from './generation-ends.js';
import { carriedIn, furthest, placeIn, placesOf, type Places } from './generation-places.js';
import { onHolder, type Sessions } from './generation-sessions.js';
import { createLike } from './generation-shape.js';
import { Projector } from './projector.js';
import { inTransaction } from './transaction.js';

/** Live rows that lie so many events behind the head are not waited for, nor compared with. */
const FAR_BEHIND = 2 * PAGE;

type OnTaken = (source: string, position: number) => void;

/** A projector of one generation, under the name of the live reader: what it has read becomes what that one has read. */
export const projectorOf = (
  pool: pg.Pool,
  { reader, logs, projections, knownTypes }: ReadSide,
  schema: string,
) => new Projector(pool, { name: reader, sources: Object.keys(logs), projections, schema, knownTypes });

/** Before {@link Shadow.split} everything is taken in as of one partition. */
const isSplit = (checkpoints: readonly Checkpoint[]) => checkpoints.some(({ partition }) => partition > 0);

/** A generation beside the live one, fed from the logs by position. */
export class Shadow {
  private readonly feeds: readonly Feed[];
  private readonly projector: Projector;
  private readonly live: Projector;
  /** By source: the live rows are known to have everything up to there. */
  private readonly liveHave = new Map<string, number>();

  constructor(
    private readonly sessions: Sessions,
    private readonly side: ReadSide,
    readonly schema: string,
  ) {
    this.projector = projectorOf(sessions.loading, side, schema);
    this.live = projectorOf(sessions.pool, side, side.schema);
    this.feeds = Object.entries(side.logs).map(([source, log]) => ({
      source,
      log,
      projector: this.projector,
      partitions: side.partitions,
    }));
  }

  private get own() {
    return { schema: this.schema, reader: this.side.reader };
  }

  /** Empty tables, like the live ones are now; in the place of any that were there. */
  async create(client: pg.PoolClient): Promise<void> {
    await this.drop(client);
    await createLike(client, this.side.schema, this.schema);
    await carryDecisions(client, this.side.schema, this.schema);
  }

  async drop(client: pg.PoolClient): Promise<void> {
    await client.query(`DROP SCHEMA IF EXISTS ${this.schema} CASCADE`);
  }

  async placesOf(source: string): Promise<Places> {
    return placesOf(await this.projector.checkpoints(), source);
  }

  /**
   * At most the end of the log: live rows that lie beyond it are of events that the log lost when it was restored.
   * @throws GenerationRefusal when the live reader is handed its events in another number of partitions
   */
  async livePlaces(source: string): Promise<Places> {
    const places = placesOf(await this.live.checkpoints(), source);
    const { partitions, reader, logs } = this.side;
    const head = await logs[source]!.head();
    if ([...places.keys()].some((partition) => partition >= partitions)) {
      throw new GenerationRefusal(
        `${reader} reads ${source} in more than ${partitions} partition${partitions === 1 ? '' : 's'}: say how many, ` +
          'or its places in them would be lost',
      );
    }
    return new Map([...places].map(([partition, position]) => [partition, Math.min(position, head)]));
  }

  private async liveCompleteUpTo(feed: Feed): Promise<number> {
    const places = await this.livePlaces(feed.source);
    const complete = await completeUpTo(feed, places, this.liveHave.get(feed.source));
    this.liveHave.set(feed.source, complete);
    return complete;
  }

  /**
   * The bulk of the logs, in big transactions of one partition, all sources at once: up to where the live rows are
   * complete. Nothing is left to do once {@link split} was done.
   * @param pastLive go on to the head when the live rows lie far behind it
   * @returns whether it did so
   */
  async fill(onTaken: OnTaken, { pastLive }: { pastLive: boolean }): Promise<boolean> {
    if (isSplit(await this.projector.checkpoints())) return false;
    const wentPast = await Promise.all(this.feeds.map((feed) => this.fillFrom(feed, onTaken, pastLive)));
    return wentPast.includes(true);
  }

  private async fillFrom(feed: Feed, onTaken: OnTaken, pastLive: boolean): Promise<boolean> {
    let at = placeIn(await this.placesOf(feed.source), 0);
    let goesPast = false;
    for (let left = Infinity; left > PAGE;) {
      const head = await feed.log.head();
      const complete = await this.liveCompleteUpTo(feed);
      goesPast ||= pastLive && head - complete > FAR_BEHIND;
      const until = goesPast ? head : complete;
      left = until - at;
      await feedWhole(feed, at, until, (position) => onTaken(feed.source, position));
      at = Math.max(at, until);
    }
    return goesPast;
  }

  /**
   * From here on it has a checkpoint for each partition of the live reader, all at the position reached: every event
   * up to there is in, so it is a true place in each of them, also where the last event of the partition is older.
   */
  async split(): Promise<void> {
    const { reader, partitions } = this.side;
    const { rows } = await this.sessions.holder.query<{ id: string }>(
      `SELECT DISTINCT stream_id AS id FROM ${this.schema}.parked WHERE reader = $1`,
      [reader],
    );
    const streams = rows.map(({ id }) => id);
    // Whoever applies what is parked locks the checkpoint of its partition, so both change together.
    await onHolder(this.sessions, 'BEGIN', async (client) => {
      await client.query(
        `UPDATE ${this.schema}.parked p SET partition = s.partition
           FROM unnest($2::uuid[], $3::int[]) s (id, partition) WHERE p.reader = $1 AND p.stream_id = s.id`,
        [reader, streams, streams.map((id) => carriedIn(id, partitions))],
      );
      for (const feed of this.feeds) {
        const places = await this.placesOf(feed.source);
        // Once only: from then on the first partition says nothing of the others.
        if (partitions === 1 || places.size > 1) continue;
        await standBehindAll(client, this.own, feed, placeIn(places, 0));
      }
    });
  }

  /**
   * Lets a generation that was kept be read as the live one is now: its reader may have had another carrier, of all sources.
   * @throws GenerationRefusal
   */
  async carryAsLive(): Promise<void> {
    const { partitions } = this.side;
    const checkpoints = await this.projector.checkpoints();
    if (checkpoints.some(({ partition }) => partition >= partitions)) {
      throw new GenerationRefusal(
        `the rows of ${this.schema} were read in more than ${partitions} partition${partitions === 1 ? '' : 's'}: run a ` +
          'rebuild instead',
      );
    }
    const readInLog = checkpoints.every(
      ({ partition, position, offset }) => partition === 0 && (offset === IN_THE_LOG || position === 0),
    );
    if (partitions > 1 && readInLog) await this.split();
  }

  /** Says so when it has taken in events that a log has lost since: that log was restored without them. */
  async containsLost(): Promise<string | undefined> {
    const lost = await lostSince(await this.projector.checkpoints(), this.side.logs);
    return lost && `${this.schema} ${lost}`;
  }

  /** What the planner has to know of its rows. */
  async analyze(): Promise<void> {
    for (const { name } of this.side.projections.flatMap(({ tables }) => tables)) {
      await this.sessions.pool.query(`ANALYZE ${this.schema}."${name}", ${this.schema}."${name}_history"`);
    }
  }

  /** Up to the heads, until nearly nothing came meanwhile. */
  async catchUp(onTaken: OnTaken): Promise<void> {
    for (const feed of this.feeds) {
      let left = Infinity;
      while (left > 100) {
        const head = await feed.log.head();
        left = head - furthest(await this.placesOf(feed.source));
        await feedPartitions(
          feed,
          () => head,
          head,
          (position) => onTaken(feed.source, position),
        );
        // A partition without later events would be looked for in all of the log, again and again.
        if (feed.partitions > 1 && head > 0) await standBehindAll(this.sessions.pool, this.own, feed, head);
      }
    }
  }

  /** Up to where the live rows are, each partition by itself: exactly as far when it was not further already. */
  async matchLive(): Promise<void> {
    for (const feed of this.feeds) {
      const live = await this.livePlaces(feed.source);
      await feedPartitions(feed, (partition) => placeIn(live, partition), furthest(live));
    }
  }

  /**
   * What operators have dropped of the live rows is left out here too: events that are yet to come, and events that are
   * parked. What stands behind one of these is applied, up to the next event that fails.
   * @throws GenerationRefusal when its rows contain one, with nothing changed
   */
  async leaveOut(): Promise<void> {
    // One snapshot: an event that is dropped after the question is not written down as left out.
    const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ';
    await inTransaction(this.sessions.loading, begin, async (client) => {
      const contained = await this.containsDropped(client);
      if (contained !== undefined) {
        throw new GenerationRefusal(
          `${contained}. Nothing was swapped. Run a rebuild: it begins with empty tables and leaves out what was dropped`,
        );
      }
      await leaveOutDropped(client, this.side.schema, this.schema);
    });
    await this.projector.parkedWork.carryOut();
  }

  /** Says so when its rows contain events that were dropped of the live ones since; these cannot be taken out again. */
  async containsDropped(client: pg.PoolClient): Promise<string | undefined> {
    const checkpoints = await this.projector.checkpoints();
    const partitions = isSplit(checkpoints) ? this.side.partitions : 1;
    const unknown = await dropsUnknownTo(client, this.side.schema, this.schema);
    const contained = unknown.filter(
      ({ source, streamId, position }) =>
        position <= placeIn(placesOf(checkpoints, source), carriedIn(streamId, partitions)),
    );
    const [first] = contained;
    return (
      first &&
      `${contained.length} event(s) were dropped that the rows of ${this.schema} contain, the first of them ` +
        `${first.source} ${first.position} (${first.type})`
    );
  }

  /** Whether everything in it is among the live rows too. */
  async isWithinLive(): Promise<boolean> {
    for (const feed of this.feeds) {
      const own = furthest(await this.placesOf(feed.source));
      if ((await this.liveCompleteUpTo(feed)) < own) return false;
    }
    return true;
  }

  /**
   * Where each partition ends that it has taken in all of: {@link split} and {@link catchUp} have put it further. Asked
   * before the reader halts, since a partition without events is looked for in the whole log.
   */
  async ends(): Promise<readonly PartitionEnd[]> {
    // With one partition the last event is where it stands.
    const split = this.feeds.filter(({ partitions }) => partitions > 1);
    const ends = split.map(async (feed) => partitionEnds(feed, furthest(await this.placesOf(feed.source))));
    return (await Promise.all(ends)).flat();
  }

  /**
   * What its reader needs to go on in the place of the live one. Each partition of the carrier is entered where the
   * live reader stands: what lies between its place and ours is handed over again and dropped by position. A partition
   * that was never read is entered at its beginning, and so is one that was published anew because the log was restored.
   * With one partition the carrier is the log itself. A reader that stood behind the last event of a partition would
   * take the topic for one that lacks events which it has read.
   * @param ends what {@link ends} has found, before any more was taken in
   */
  async takeOver(client: pg.PoolClient, ends: readonly PartitionEnd[]): Promise<void> {
    await standAtEnds(client, this.own, ends);
    // Sources and partitions without any event yet: their places are told of too.
    await client.query(
      `INSERT INTO ${this.schema}.checkpoint (reader, source, partition, position, "offset")
       SELECT reader, source, partition, 0, -1 FROM ${this.side.schema}.checkpoint WHERE reader = $1
       ON CONFLICT DO NOTHING`,
      [this.side.reader],
    );
    await client.query(
      `UPDATE ${this.schema}.checkpoint c SET caught_up_at = l.caught_up_at, "offset" = CASE
                WHEN $2 > 1 THEN greatest(l."offset", -1, ($3::jsonb ->> s.source)::bigint)
                WHEN s.position = 0 THEN -1
                ELSE ${IN_THE_LOG} END
         FROM ${this.schema}.checkpoint s
         LEFT JOIN ${this.side.schema}.checkpoint l USING (reader, source, partition)
        WHERE s.reader = $1 AND (c.reader, c.source, c.partition) = (s.reader, s.source, s.partition)`,
      [this.side.reader, this.side.partitions, JSON.stringify(this.side.restoredAt ?? {})],
    );
  }

  /** How far it has come, by source. */
  async positions(): Promise<Record<string, number>> {
    const checkpoints = await this.projector.checkpoints();
    return Object.fromEntries(
      this.feeds.map(({ source }) => [source, furthest(placesOf(checkpoints, source))]),
    );
  }
}
