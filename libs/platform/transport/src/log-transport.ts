import type { EventStore } from '@loa/event-store';
import { failPoint } from '@loa/fail-points';
import { backoff, pause } from './backoff.js';
import type { EventTransport, Subscriber, Subscription } from './event-transport.js';

const BATCH = 1_000;
const POLL_MS = 100;
const HEARD_WITHIN_MS = 15_000;

/** Readers tail the publisher's own log: one partition a source, the position is the offset. */
export class LogTransport implements EventTransport {
  private readonly subscriptions = new Set<Subscription>();

  constructor(
    private readonly stores: Readonly<Record<string, EventStore>>,
    private readonly onError: (error: unknown, where: { subscriber: string; source: string }) => void,
  ) {}

  async subscribe(subscriber: Subscriber): Promise<Subscription> {
    const tails = subscriber.sources.map((source) => {
      const store = this.stores[source];
      if (!store) throw new Error(`no log of ${source} to read`);
      return new Tail(subscriber, source, store, this.onError);
    });
    const subscription: Subscription = {
      healthy: () => tails.every((tail) => tail.healthy()),
      behind: async () =>
        (await Promise.all(tails.map((tail) => tail.behind()))).reduce((sum, one) => sum + one, 0),
      close: async () => {
        this.subscriptions.delete(subscription);
        await Promise.all(tails.map((tail) => tail.close()));
      },
    };
    this.subscriptions.add(subscription);
    return subscription;
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
  }
}

class Tail {
  private readonly stop = new AbortController();
  private wake = new AbortController();
  private readonly unhook: () => void;
  private readonly running: Promise<void>;
  private heardAt = Date.now();
  /** Everything up to here is committed by the subscriber. */
  private position = 0;

  constructor(
    private readonly subscriber: Subscriber,
    private readonly source: string,
    private readonly store: EventStore,
    private readonly onError: (error: unknown, where: { subscriber: string; source: string }) => void,
  ) {
    this.unhook = store.onAppended(() => this.wake.abort());
    this.running = this.run();
  }

  healthy(): boolean {
    return Date.now() - this.heardAt < HEARD_WITHIN_MS;
  }

  async behind(): Promise<number> {
    return Math.max(0, (await this.store.head()) - this.position);
  }

  async close(): Promise<void> {
    this.unhook();
    this.stop.abort();
    this.wake.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stop.signal.aborted) {
      try {
        await this.follow(() => (failures = 0));
      } catch (error) {
        this.onError(error, { subscriber: this.subscriber.name, source: this.source });
        await pause(backoff(failures++), this.stop.signal);
      }
    }
  }

  private async follow(onProgress: () => void): Promise<void> {
    this.position = await this.standsAt();
    while (!this.stop.signal.aborted) {
      this.wake = new AbortController();
      const asked = performance.now();
      const events = await this.store.read(this.position, BATCH);
      this.heardAt = Date.now();
      if (events.length > 0) {
        // The log is dense: a reader that does not stand right before an event has missed one.
        const delivered = events.map((event) => ({
          ...event,
          previous: event.position - 1,
          offset: event.position,
        }));
        failPoint('consumer.beforeHandle');
        await this.subscriber.handle({ source: this.source, partition: 0, events: delivered });
        failPoint('consumer.afterHandle');
        this.position = events.at(-1)!.position;
      }
      onProgress();
      if (events.length === BATCH) continue;
      this.subscriber.caughtUp?.({ source: this.source, partition: 0, agoMs: performance.now() - asked });
      await pause(POLL_MS, this.wake.signal);
    }
  }

  /** @throws when the reader's checkpoint cannot be a place in this log */
  private async standsAt(): Promise<number> {
    const checkpoints = (await this.subscriber.checkpoints()).filter(({ source }) => source === this.source);
    if (checkpoints.some(({ partition }) => partition !== 0)) {
      throw new Error(
        `${this.subscriber.name} has read ${this.source} from several partitions: its checkpoints mean nothing here, ` +
          'build what it keeps anew',
      );
    }
    const position = checkpoints[0]?.position ?? 0;
    const head = await this.store.head();
    if (position <= head) return position;
    throw new Error(
      `${this.subscriber.name} has read ${this.source} up to ${position}, but the log ends at ${head}: it was restored ` +
        'without its last events, which the reader has seen already',
    );
  }
}
