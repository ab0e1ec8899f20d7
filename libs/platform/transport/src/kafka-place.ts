import { IN_THE_LOG, type Checkpoint, type Subscriber } from './event-transport.js';

/** More records than one partition will ever hold. A place stays a safe integer for 8,191 restores. */
const PLACES_A_RESTORE = 2 ** 40;

/** Where a reader of Kafka goes on in a partition. */
export interface KafkaPlace {
  /** So many times the log had been restored when the record before this place was published. */
  readonly restores: number;
  /** The offset of the next record. */
  readonly next: number;
}

/**
 * What a reader keeps as the offset of its checkpoint: a record of Kafka, and after how many restores of the log it was
 * published. Later restores have greater ones. Without any restore it is the offset in Kafka.
 * @param record offset in Kafka; -1: before the first record
 */
export const kafkaOffset = (restores: number, record: number): number => restores * PLACES_A_RESTORE + record;

export const placeAfter = (offset: number): KafkaPlace => ({
  restores: Math.floor((offset + 1) / PLACES_A_RESTORE),
  next: (offset + 1) % PLACES_A_RESTORE,
});

/** A reader has read a log itself until now, and is to read it over Kafka. */
class StandsInLog extends Error {
  constructor({ name }: Subscriber, { source, position }: Checkpoint) {
    super(
      `${name} has read ${source} from the log itself, up to position ${position}, and Kafka cannot tell which of its ` +
        'records these were: they would be applied again. Nothing is taken in. Make what the reader keeps anew with ' +
        `"npx loa rebuild --reader ${name}"; reading goes on by itself`,
    );
  }
}

/** @throws StandsInLog */
export function refuseReadersOfLogs(reader: Subscriber, checkpoints: readonly Checkpoint[]): void {
  const inLog = checkpoints.find((at) => reader.sources.includes(at.source) && at.offset === IN_THE_LOG);
  if (inLog) throw new StandsInLog(reader, inLog);
}
