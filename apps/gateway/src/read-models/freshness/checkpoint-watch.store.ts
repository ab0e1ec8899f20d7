import { partitionOf } from '@loa/transport';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadDatabase } from '../read-database.table.js';
import type { MinPosition } from './min-position.js';
import { standingSql, standingTables, type Standing } from './standing.sql.js';

/**
 * `late`: not within the time that was given; `parked`: the event, or one before it in its stream, is set aside; `dropped`:
 * an operator has left it out for good; `not_understood`: it was passed over because its type was not known, or may have
 * been, as one between others that were.
 */
export type Arrival = 'shown' | 'late' | 'parked' | 'dropped' | 'not_understood';

export interface WatchOptions {
  /** The name of the projector. */
  readonly reader: string;
  /** In how many partitions the projector is handed each context. */
  readonly partitions: number;
  /** How long a question waits, in ms. */
  readonly patienceMs: number;
  /** How many may wait at the same moment; {@link MOST_WAITING} when left out. */
  readonly mostWaiting?: number;
}

interface Waiting extends MinPosition {
  readonly arrived: (arrival: Arrival) => void;
}

const LOOK_AGAIN_MS = 20;
const MOST_WAITING = 1_000;

/** Waits for positions to be shown. However many wait, one look at the checkpoints at a time answers them all. */
export class CheckpointWatch {
  private readonly waiting = new Set<Waiting>();
  private looking = false;

  constructor(
    private readonly database: ReadDatabase,
    private readonly options: WatchOptions,
  ) {}

  /**
   * When too many wait, the answer is `late` at once. Never throws: while the read database is away the question itself
   * finds out.
   */
  arrival(wanted: MinPosition): Promise<Arrival> {
    if (this.waiting.size >= (this.options.mostWaiting ?? MOST_WAITING)) return Promise.resolve('late');
    return new Promise((resolve) => {
      const waiting: Waiting = {
        ...wanted,
        arrived: (arrival) => {
          clearTimeout(late);
          this.waiting.delete(waiting);
          resolve(arrival);
        },
      };
      const late = setTimeout(() => waiting.arrived('late'), this.options.patienceMs);
      this.waiting.add(waiting);
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.size > 0) {
      // Only of those that waited before the look began: it may not have seen what came later.
      const asked = [...this.waiting];
      const standing = await this.standing(asked).catch(() => undefined);
      for (const waiting of asked) {
        const arrival = standing && this.arrivalOf(waiting, standing);
        if (arrival) waiting.arrived(arrival);
      }
      if (this.waiting.size > 0) await pause(LOOK_AGAIN_MS);
    }
    this.looking = false;
  }

  private standing(asked: readonly MinPosition[]): Promise<Standing | null> {
    const streams = [...new Set(asked.map(({ streamId }) => streamId))];
    return this.database.one<Standing>(standingSql, [this.options.reader, streams], {
      tables: standingTables,
    });
  }

  private arrivalOf(
    { context, position, streamId }: MinPosition,
    { reached, parked, dropped, passedOver }: Standing,
  ): Arrival | undefined {
    const partition = partitionOf(streamId, this.options.partitions);
    if ((reached[`${context}/${partition}`] ?? 0) < position) return undefined;
    if ((parked[streamId] ?? Infinity) <= position) return 'parked';
    if (dropped.some((one) => one.context === context && one.position === position)) return 'dropped';
    // A rebuild reads all partitions of a log as one, and writes down what it passes over as of the first.
    const of = passedOver.filter((one) => one.context === context && [0, partition].includes(one.partition));
    return of.some(({ first, last }) => first <= position && position <= last) ? 'not_understood' : 'shown';
  }
}
