import type { EventStore } from '@loa/event-store';
import { failPoint } from '@loa/fail-points';
import { backoff, pause } from './backoff.js';
import { IN_THE_LOG, type EventTransport, type Subscriber, type Subscription } from './event-transport.js';

const BATCH = 1_000;
const POLL_MS = 100;
const HEARD_WITHIN_MS = 15_000;

/** Readers tail the publisher's own log: one partition a source, and the position says it all. */
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
      const dense = events.filter((event, index) => event.position === this.position + index + 1);
      if (events.length > 0 && dense.length === 0) throw this.hole(this.position + 1);
      if (dense.length > 0) {
        const delivered = dense.map((event) => ({
          ...event,
          previous: event.position - 1,
          offset: IN_THE_LOG,
        }));
        failPoint('consumer.beforeHandle');
        await this.subscriber.handle({ source: this.source, partition: 0, events: delivered });
        failPoint('consumer.afterHandle');
        this.position = dense.at(-1)!.position;
      }
      onProgress();
      if (events.more || dense.length < events.length) continue;
      this.subscriber.caughtUp?.({ source: this.source, partition: 0, agoMs: performance.now() - asked });
      await pause(POLL_MS, this.wake.signal);
    }
  }

  /**
   * A log that was restored without its last events has none at the checkpoint, or gives its position to another event.
   * That one was recorded after the restore, so the instant tells them apart.
   * @throws when the reader's checkpoint cannot be a place in this log
   */
  private async standsAt(): Promise<number> {
    const { name } = this.subscriber;
    const checkpoints = (await this.subscriber.checkpoints()).filter(({ source }) => source === this.source);
    if (checkpoints.some(({ partition }) => partition !== 0)) {
      throw new Error(
        `${name} has read ${this.source} from several partitions: its checkpoints mean nothing here. To go on, ` +
          anew(name),
      );
    }
    const { position = 0, recordedAt } = checkpoints[0] ?? {};
    if (position === 0) return position;
    const head = await this.store.head();
    if (position > head) throw this.lost(position, `the log ends at ${head}`);
    const [event] = await this.store.read(position - 1, 1);
    if (event?.position !== position) throw this.hole(position);
    if (recordedAt === undefined || event.recordedAt === recordedAt) return position;
    throw this.lost(
      position,
      `what it took in there was recorded at ${recordedAt}, and the log has an event of ${event.recordedAt} there`,
    );
  }

  private lost(position: number, found: string): Error {
    const { name } = this.subscriber;
    return new Error(
      `${name} has read ${this.source} up to ${position}, but ${found}: it was restored without its last events, ` +
        `which the reader has seen already. If there is a backup that holds more, restore that one. If not: ${anew(name)}`,
    );
  }

  private hole(position: number): Error {
    return new Error(
      `hole in the log of ${this.source}: position ${position} is missing, and positions are dense. Nothing is delivered ` +
        `past it to ${this.subscriber.name}: restore the event from a backup of this log, and reading goes on by itself`,
    );
  }
}

const anew = (reader: string) => `make what the reader keeps anew with "npx loa rebuild --reader ${reader}"`;
