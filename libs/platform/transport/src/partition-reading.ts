import { placeAfter } from './kafka-place.js';
import type { ReceivedEvent } from './kafka-record.js';
import type { ReaderPlace } from './unread.js';

/** A topic that is published anew ends before its readers for a moment. One look a second. */
const LOOKS_BEFORE_REPORT = 5;
const LOOKS_BETWEEN_REPORTS = 60;

/** Once a reader has read up to `end`, it has everything that was recorded until an instant (of `performance.now()`). */
interface Awaited {
  readonly end: number;
  readonly instant: number;
}

type ReadRecord = Pick<ReceivedEvent, 'offset' | 'position' | 'restored'>;

/** How one partition is read from one place on. */
export class PartitionReading {
  /** In a row, without anything taken in. */
  failures: number;
  /** After a gap the partition is read once more from its first record; when that does not fill it, an operator must. */
  rewind: 'no' | 'now' | 'in vain';
  /** Records that the partition held beyond what was read, when its end was looked at last. */
  behind = 0;
  /**
   * The greatest position of the records before `next`, as far as they were read; 0: there are none; undefined: none was
   * read yet. Not that of the last one: a relay that was frozen sends old events late.
   */
  private lastSeen: number | undefined;
  /** Where the partition ended when it was looked at last. */
  private endAtLook: number;
  /** `next` at that look. */
  private nextAtLook: number | undefined;
  private awaited: Awaited | undefined;
  /** So many looks in a row found the partition to end before the reader. */
  private looksAhead = 0;

  /**
   * @param stands what the reader has committed
   * @param next everything before this offset was read
   * @param before how it was read until now
   */
  constructor(
    public stands: ReaderPlace,
    private next: number,
    before?: PartitionReading,
  ) {
    this.failures = before?.failures ?? 0;
    this.rewind = before?.rewind ?? 'no';
    this.endAtLook = before?.endAtLook ?? 0;
    this.lastSeen = next === 0 ? 0 : undefined;
  }

  /**
   * The last record that was read comes once more, and is dropped. A topic that was made anew could end at this very
   * place: nothing would come, and nobody would notice that what was read is not what it holds.
   */
  get first(): number {
    return Math.max(0, this.next - 1);
  }

  /** These were read, and what was new of them is committed. */
  took(all: readonly ReadRecord[], stands: ReaderPlace): void {
    // Of a topic that was made anew kafkajs goes on at its beginning.
    const goesBack = placeAfter(all[0]!.offset).next <= this.next;
    if (goesBack) this.awaited = undefined;
    const seen = goesBack ? 0 : (this.lastSeen ?? 0);
    // Not those of a relay that had not heard of a restore.
    const ofThisLog = all.filter(({ restored }) => restored.length >= stands.restores);
    this.lastSeen = ofThisLog.reduce((greatest, { position }) => Math.max(greatest, position), seen);
    this.next = placeAfter(all.at(-1)!.offset).next;
    this.stands = stands;
  }

  /**
   * Where it stands to the end of its partition.
   * @param completeAt everything that was recorded until then (of `performance.now()`) stands before that end; undefined:
   * nothing is known
   * @returns `ahead`: look after look the topic lacks what was read; `reread`: it may hold it elsewhere
   */
  look(end: number, completeAt: number | undefined): 'ahead' | 'reread' | undefined {
    const { next, lastSeen } = this;
    // While events flow, some of them are read between the question and its answer.
    const still = this.nextAtLook === undefined || next === this.nextAtLook;
    this.nextAtLook = next;
    // Made anew: what was known of its ends, and of what it lacks, is of another topic.
    if (end < this.endAtLook) {
      this.awaited = undefined;
      this.rewind = 'no';
    }
    this.endAtLook = end;
    this.behind = Math.max(0, end - next);
    const beyond = next > end && still;
    if (beyond || (next >= end && still && this.repeats())) return this.lookAhead(beyond);
    if (next < end || !this.repeats()) this.looksAhead = 0;
    if (next >= end && lastSeen !== undefined && !this.repeats()) this.rewind = 'no';
    // Kept until it is reached: under a steady flow there is always a later end.
    if (completeAt !== undefined && lastSeen !== undefined) this.awaited ??= { end, instant: completeAt };
    return undefined;
  }

  /** Told once: everything that was recorded until this instant is committed. */
  completeUpTo(): number | undefined {
    if (!this.awaited || this.next < this.awaited.end || this.lastSeen === undefined || this.repeats())
      return undefined;
    const { instant } = this.awaited;
    this.awaited = undefined;
    return instant;
  }

  /** What it has read comes again, and not all of it yet. */
  private repeats(): boolean {
    return this.lastSeen !== undefined && this.lastSeen < this.stands.position;
  }

  private lookAhead(beyond: boolean): 'ahead' | 'reread' | undefined {
    if (this.looksAhead++ % LOOKS_BETWEEN_REPORTS !== LOOKS_BEFORE_REPORT) return undefined;
    if (!beyond || this.rewind !== 'no') return 'ahead';
    // It may hold all of it in fewer records: of one that was made anew none was sent twice.
    this.rewind = 'now';
    return 'reread';
  }
}
