import type { EventPage, EventStore } from '@loa/event-store';
import { failPoint } from '@loa/fail-points';
import type { Kafka } from 'kafkajs';
import { backoff, pause, within } from './backoff.js';
import {
  CLOSE_WITHIN_MS,
  EVENT_PARTITIONS,
  HEARD_WITHIN_MS,
  eventsTopic,
  heartbeatTopic,
  openKafka,
  type KafkaAddress,
} from './kafka-settings.js';
import { lastRecords } from './last-records.js';
import { assertTopicAgrees, restoresKnown } from './relay-agreement.js';
import { RelayRefusal, nextBatch, type Progress, type RelayBatch, type Term } from './relay-batch.js';
import { RelayHeartbeat } from './relay-heartbeat.js';
import { LeadershipLost, RelayLease, leaseTimes, type LeaseTimes } from './relay-lease.js';
import { RelayProducer, type RelayTopic } from './relay-producer.js';

const READ = 1_000;
const POLL_MS = 100;
const ELECTION_MS = 1_000;

/** What follows a position in the log, as it was asked for at an instant on the clock of `performance.now()`. */
interface Look {
  readonly begun: number;
  readonly events: Promise<EventPage>;
}

export interface RelayOptions {
  /** The context whose log is published. */
  readonly source: string;
  readonly store: EventStore;
  /** To the log's database, as the role of the service; a session of its own is kept on it. No transaction pooler in between. */
  readonly connectionString: string;
  readonly kafka: KafkaAddress;
  /** Default: `loa.<source>.events`. Progress is kept under this name, and {@link heartbeatTopic} is that of its heartbeats. */
  readonly topic?: string;
  /** Default 12. Must be what the topic has. */
  readonly partitions?: number;
  /** When another may lead though this one has not ended. */
  readonly lease?: LeaseTimes;
  /** Told of every failure that the relay survives, also that nobody can be told how far it has come. */
  readonly onError: (error: unknown, where: { source: string }) => void;
  /** Told after every batch how many seconds Kafka took to acknowledge it, retries and all. */
  readonly onPublished?: (seconds: number) => void;
}

/**
 * Publishes one log to one Kafka topic: at least once, in order within a partition, never past a hole. Any number may
 * run; one of them leads. Started, it keeps trying until it is closed, whatever is down.
 */
export class Relay {
  readonly name = 'relay';
  /** Since the start of this process. */
  readonly counters = { published: 0, batches: 0, retries: 0, failures: 0, elections: 0, stepDowns: 0 };
  private readonly stop = new AbortController();
  private readonly kafka: Kafka;
  private readonly topic: RelayTopic;
  private readonly unhook: () => void;
  private readonly running: Promise<void>;
  private wake = new AbortController();
  private heardAt = 0;
  private refused: RelayRefusal | undefined;
  private leads = false;

  private constructor(private readonly options: RelayOptions) {
    const { source, partitions = EVENT_PARTITIONS, topic = eventsTopic(source) } = options;
    this.topic = { name: topic, partitions };
    this.kafka = openKafka(options.kafka, (error) => this.report(error));
    this.unhook = options.store.onAppended(() => this.wake.abort());
    this.running = this.run();
  }

  /** Never waits for PostgreSQL or Kafka: commands are taken in while either is away. */
  static start(options: RelayOptions): Relay {
    return new Relay(options);
  }

  /** True while, within the last 15 s, a batch was published, or there was none to publish, or another relay was seen to lead. */
  healthy(): boolean {
    return this.refused === undefined && Date.now() - this.heardAt < HEARD_WITHIN_MS;
  }

  leading(): boolean {
    return this.leads;
  }

  /** Why nothing is published until somebody puts it right; undefined when there is no such reason. */
  refusal(): RelayRefusal | undefined {
    return this.refused;
  }

  /** Waits for the batch under way, for at most 10 s. */
  async close(): Promise<void> {
    this.unhook();
    this.stop.abort();
    this.wake.abort();
    await within(CLOSE_WITHIN_MS, this.running);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stop.signal.aborted) {
      const published = this.counters.published;
      try {
        await this.serve();
      } catch (error) {
        if (error instanceof RelayRefusal) this.refused = error;
        if (error instanceof LeadershipLost) this.counters.stepDowns += 1;
        this.report(error);
      }
      failures = this.counters.published > published ? 0 : failures + 1;
      await pause(backoff(failures), this.stop.signal);
    }
  }

  /** One session: waits for its turn to lead, then publishes until it is closed or something fails. */
  private async serve(): Promise<void> {
    const { connectionString, lease: times = leaseTimes } = this.options;
    const lease = await RelayLease.connect(connectionString, this.topic.name, times);
    try {
      await this.lead(lease);
    } catch (error) {
      if (error instanceof RelayRefusal) await lease.note(error).catch(() => undefined);
      throw error;
    } finally {
      this.leads = false;
      await lease.close();
    }
  }

  private async lead(lease: RelayLease): Promise<void> {
    const elected = await this.elected(lease);
    if (!elected) return;
    this.counters.elections += 1;
    const { kafka } = this.options;
    const out = await RelayProducer.open(this.kafka, kafka, this.topic, (error) => {
      this.counters.retries += 1;
      this.report(error);
    });
    const over = AbortSignal.any([this.stop.signal, lease.lost]);
    const heartbeat = this.heartbeatOf(elected, over);
    try {
      const last = await lastRecords(this.kafka, this.topic.name);
      const restored = restoresKnown(elected.restored, last);
      if (restored !== elected.restored) await lease.learn(restored);
      const term = { ...elected, restored };
      await assertTopicAgrees(this.options.store, this.topic.name, term, last);
      await lease.note(null);
      this.leads = true;
      await this.publish(lease, term, { out, heartbeat, over });
    } finally {
      await Promise.all([out.close(), heartbeat.close()]);
    }
  }

  private heartbeatOf({ epoch }: Term, over: AbortSignal): RelayHeartbeat {
    const { kafka, source, onError } = this.options;
    // Not counted as failures: events are published all the same.
    const tell = (error: unknown) => onError(error, { source });
    return new RelayHeartbeat(kafka, heartbeatTopic(this.topic.name), `epoch ${epoch}`, over, tell);
  }

  /** @returns undefined when this relay is closed before its turn comes */
  private async elected(lease: RelayLease): Promise<Term | undefined> {
    for (;;) {
      const term = await lease.tryToLead(this.topic.partitions);
      if (term) return term;
      this.heard();
      await pause(ELECTION_MS, this.stop.signal);
      if (this.stop.signal.aborted) return undefined;
    }
  }

  private async publish(
    lease: RelayLease,
    term: Term,
    { out, heartbeat, over }: { out: RelayProducer; heartbeat: RelayHeartbeat; over: AbortSignal },
  ): Promise<void> {
    over.addEventListener('abort', () => this.wake.abort(), { once: true });
    let progress: Progress = term;
    let look = this.read(progress.position);
    while (!this.stop.signal.aborted) {
      lease.lost.throwIfAborted();
      const { begun } = look;
      const events = await look.events;
      if (events.length === 0) {
        lease.works();
        this.heard();
        heartbeat.beat(begun);
        await pause(POLL_MS, this.wake.signal);
        look = this.read(progress.position);
        continue;
      }
      const batch = nextBatch(progress, events, term);
      // While Kafka acknowledges this batch PostgreSQL reads the next page, unless some of this one is left.
      const next = this.beyond(batch, begun, events);
      failPoint('relay.beforeSend');
      const sentAt = performance.now();
      await out.send(batch.messages, over);
      this.options.onPublished?.((performance.now() - sentAt) / 1_000);
      failPoint('relay.afterAcknowledgement');
      await lease.checkpoint(batch);
      failPoint('relay.afterCheckpoint');
      this.counters.batches += 1;
      this.counters.published += batch.messages.length;
      this.heard();
      // This look has shown all there was, and all of it is published now.
      if (next === undefined) heartbeat.beat(begun);
      progress = batch;
      look = next ?? this.read(progress.position);
    }
  }

  /** From here on an append wakes the relay: what commits after this read began is found by the next. */
  private read(after: number): Look {
    this.wake = new AbortController();
    const begun = performance.now();
    const events = this.options.store.read(after, READ);
    // Read ahead and then not needed, because sending failed: whoever awaits it still gets the error.
    events.catch(() => undefined);
    return { begun, events };
  }

  /** What follows a batch; undefined: the page it was taken from has shown all there was. */
  private beyond(batch: RelayBatch, begun: number, page: EventPage): Look | undefined {
    const rest = page.slice(batch.messages.length);
    if (rest.length > 0) return { begun, events: Promise.resolve(Object.assign(rest, { more: page.more })) };
    return page.more ? this.read(batch.position) : undefined;
  }

  private heard(): void {
    this.heardAt = Date.now();
    this.refused = undefined;
  }

  private report(error: unknown): void {
    if (this.stop.signal.aborted) return;
    this.counters.failures += 1;
    this.options.onError(error, { source: this.options.source });
  }
}
