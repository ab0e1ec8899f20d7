import { failPoint } from '@loa/fail-points';
import type { Batch, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { backoff, pause, within } from './backoff.js';
import type { Subscriber } from './event-transport.js';
import { keepBeating } from './keep-beating.js';
import { placeAfter, refuseReadersOfLogs } from './kafka-place.js';
import { eventOf } from './kafka-record.js';
import type { KafkaReaderOptions } from './kafka-reader.js';
import { CLOSE_WITHIN_MS, DEAF_AFTER_MS, consumerSettings } from './kafka-settings.js';
import { PartitionReading } from './partition-reading.js';
import { ReaderAhead, TopicEnds, type TopicEnd } from './topic-ends.js';
import { GapInTopic, unread } from './unread.js';

/** As many as the log hands out at once. */
const BATCH = 1_000;

/** One assigned partition. */
interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** One kafkajs consumer, from connecting to its end. */
export class KafkaConsumer {
  /** When a coordinator answered last; 0: never. */
  heardAt = 0;
  joined = false;
  private readonly consumer: Consumer;
  private readonly beatMs: number;
  private readonly sourceOf: ReadonlyMap<string, string>;
  /** Of the partitions of this assignment that the reader has been placed in. */
  private readonly readings = new Map<string, PartitionReading>();
  private readonly over = new AbortController();
  /** Counts assignments: work begun under an older one must not move positions any more. */
  private assignment = 0;
  private readonly ends: TopicEnds;

  constructor(
    kafka: Kafka,
    private readonly subscriber: Subscriber,
    private readonly options: KafkaReaderOptions,
    private readonly report: (error: unknown, source?: string) => void,
  ) {
    this.sourceOf = new Map(subscriber.sources.map((source) => [options.topicOf(source), source]));
    const settings = consumerSettings(options.kafka, subscriber.name);
    this.beatMs = settings.heartbeatInterval;
    this.consumer = kafka.consumer(settings);
    const tell = (error: Error, topic: string) => this.report(error, this.sourceOf.get(topic));
    this.ends = new TopicEnds(
      kafka,
      { topics: [...this.sourceOf.keys()], partitions: options.partitions },
      tell,
    );
  }

  /**
   * Reads until it is stopped.
   * @throws what ended it otherwise: no broker, a crash of kafkajs, silence
   */
  async consume(stop: AbortSignal): Promise<void> {
    const ended = this.untilItEnds(stop);
    try {
      await this.consumer.connect();
      if (stop.aborted) return;
      // From the beginning: if a stored offset is no longer there, kafkajs would otherwise jump to the end.
      await this.consumer.subscribe({ topics: [...this.sourceOf.keys()], fromBeginning: true });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.options.concurrency,
        eachBatch: (payload) => this.takeIn(payload),
      });
      if (this.subscriber.caughtUp) void this.ends.watch(this.over.signal, (end) => this.standsAtEnd(end));
      await ended;
    } finally {
      this.assignment += 1;
      this.over.abort();
      if (!(await within(CLOSE_WITHIN_MS, this.consumer.disconnect()))) {
        this.report(new Error('a consumer did not let go in time and was abandoned'));
      }
    }
  }

  /** Of the partitions that this process has; looked at about once a second. */
  behind(): number {
    return [...this.readings.values()].reduce((sum, { behind }) => sum + behind, 0);
  }

  private untilItEnds(stop: AbortSignal): Promise<void> {
    const { HEARTBEAT, GROUP_JOIN, CRASH } = this.consumer.events;
    const silentSince = Date.now();
    const ended = new Promise<void>((resolve, reject) => {
      stop.addEventListener('abort', () => resolve(), { once: true, signal: this.over.signal });
      this.consumer.on(HEARTBEAT, () => this.heard());
      this.consumer.on(GROUP_JOIN, ({ payload }) => this.begin(payload.memberAssignment));
      this.consumer.on(CRASH, ({ payload }) => reject(payload.error));
      const watch = setInterval(() => {
        const silence = Date.now() - Math.max(this.heardAt, silentSince);
        if (silence > DEAF_AFTER_MS)
          reject(new Error(`nothing heard from Kafka for ${Math.round(silence / 1_000)} s`));
      }, 1_000);
      this.over.signal.addEventListener('abort', () => clearInterval(watch), { once: true });
    });
    // It may end while connecting; whoever awaits it still gets the error.
    ended.catch(() => undefined);
    return ended;
  }

  private heard(): void {
    this.heardAt = Date.now();
  }

  /** A new assignment. Called before kafkajs fetches anything: nothing is read until the reader has said where it stands. */
  private begin(assigned: Readonly<Record<string, number[]>>): void {
    this.heard();
    this.joined = true;
    // A consumer that was given up may still be joining.
    if (this.over.signal.aborted) return;
    this.assignment += 1;
    this.readings.clear();
    const places = Object.entries(assigned).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    this.hold(places);
    // Others hold nothing of ours; that they are there is told by whoever asks where topics end.
    const ours = places.filter(({ partition }) => partition < this.options.partitions);
    void this.place(ours, this.assignment, 0);
  }

  private hold(places: readonly Place[]): void {
    this.consumer.pause(places.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
  }

  /** Puts partitions to where their reader stands and lets them flow; asks until the reader has answered. */
  private async place(places: readonly Place[], assignment: number, wait: number): Promise<void> {
    if (wait > 0) await pause(wait, this.over.signal);
    for (let failures = 0; assignment === this.assignment && !this.over.signal.aborted; failures += 1) {
      try {
        const checkpoints = await this.subscriber.checkpoints();
        if (assignment !== this.assignment) return;
        refuseReadersOfLogs(this.subscriber, checkpoints);
        for (const { topic, partition } of places) {
          const source = this.sourceOf.get(topic);
          const checkpoint = checkpoints.find((at) => at.source === source && at.partition === partition);
          this.seek({ topic, partition }, checkpoint?.position ?? 0, checkpoint?.offset ?? -1);
        }
        this.consumer.resume(places.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
        return;
      } catch (error) {
        this.report(error);
        await pause(backoff(failures), this.over.signal);
      }
    }
  }

  private seek(place: Place, position: number, offset: number): void {
    const before = this.readings.get(nameOf(place));
    const { restores, next } = placeAfter(offset);
    const reading = new PartitionReading({ position, restores }, before?.rewind === 'now' ? 0 : next, before);
    this.consumer.seek({ ...place, offset: String(reading.first) });
    this.readings.set(nameOf(place), reading);
  }

  private async takeIn({
    batch,
    heartbeat,
    isRunning,
    isStale,
    resolveOffset,
  }: EachBatchPayload): Promise<void> {
    const assignment = this.assignment;
    const current = () => isRunning() && !isStale() && assignment === this.assignment;
    const reading = this.readings.get(nameOf(batch));
    // Fetched under an older assignment, and the reader has not said yet where it stands in this one.
    if (!reading) return;
    for (let at = 0; at < batch.messages.length; at += BATCH) {
      if (!current()) return;
      const messages = batch.messages.slice(at, at + BATCH);
      const beat = keepBeating(heartbeat, this.beatMs);
      try {
        await this.deliver(batch, reading, messages);
      } catch (error) {
        if (assignment === this.assignment) this.again(batch, reading, error);
        return;
      } finally {
        beat.stop();
      }
      if (!current()) return;
      resolveOffset(messages.at(-1)!.offset);
      // Thrown on: kafkajs must learn here that the group is gathering anew.
      if (beat.failure !== undefined) throw beat.failure;
      await heartbeat();
    }
  }

  private async deliver(
    { topic, partition }: Batch,
    reading: PartitionReading,
    messages: readonly KafkaMessage[],
  ): Promise<void> {
    const all = messages.map(eventOf);
    const { events, repeats, restores, stop } = unread(topic, partition, reading.stands, all);
    this.options.counters.repeats += repeats;
    if (events.length > 0) {
      failPoint('consumer.beforeHandle');
      await this.subscriber.handle({ source: this.sourceOf.get(topic)!, partition, events });
      failPoint('consumer.afterHandle');
      this.options.counters.delivered += events.length;
      reading.failures = 0;
      reading.rewind = 'no';
    }
    if (stop) throw stop;
    reading.took(all, { position: events.at(-1)?.position ?? reading.stands.position, restores });
    this.tellCaughtUp({ topic, partition }, reading);
  }

  private standsAtEnd({ topic, partition, end, completeAt }: TopicEnd): void {
    const reading = this.readings.get(nameOf({ topic, partition }));
    if (!reading) return;
    const found = reading.look(end, completeAt);
    if (found === 'reread') this.placeAgain({ topic, partition }, 0);
    if (found === 'ahead')
      this.report(new ReaderAhead(topic, partition, reading.stands.position), this.sourceOf.get(topic));
    this.tellCaughtUp({ topic, partition }, reading);
  }

  private tellCaughtUp({ topic, partition }: Place, reading: PartitionReading): void {
    const instant = reading.completeUpTo();
    if (instant === undefined) return;
    const agoMs = performance.now() - instant;
    this.subscriber.caughtUp?.({ source: this.sourceOf.get(topic)!, partition, agoMs });
  }

  /** The same events again from the checkpoint, after a pause that grows; the other partitions flow on. */
  private again({ topic, partition }: Batch, reading: PartitionReading, error: unknown): void {
    const place = { topic, partition };
    this.options.counters.failures += 1;
    this.report(error, this.sourceOf.get(topic));
    // A topic that was made anew has other offsets: the missing events may stand before the one that was kept.
    if (error instanceof GapInTopic) reading.rewind = reading.rewind === 'no' ? 'now' : 'in vain';
    this.placeAgain(place, backoff(reading.failures++));
  }

  private placeAgain(place: Place, wait: number): void {
    this.hold([place]);
    void this.place([place], this.assignment, wait);
  }
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;
