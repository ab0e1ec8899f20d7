import type { EventStore } from '@loa/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventTransport, Subscriber, Subscription } from './event-transport.js';

const BATCH = 1_000;
const POLL_MS = 100;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
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
        const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++);
        await this.sleep(longest * (0.5 + Math.random() / 2), this.stop.signal);
      }
    }
  }

  private async follow(onProgress: () => void): Promise<void> {
    const checkpoints = await this.subscriber.checkpoints();
    let position = checkpoints.find(({ source }) => source === this.source)?.position ?? 0;
    while (!this.stop.signal.aborted) {
      this.wake = new AbortController();
      const events = await this.store.read(position, BATCH);
      this.heardAt = Date.now();
      if (events.length > 0) {
        const delivered = events.map((event, index) => ({
          ...event,
          previous: events[index - 1]?.position ?? position,
          offset: event.position,
        }));
        await this.subscriber.handle({ source: this.source, partition: 0, events: delivered });
        position = events.at(-1)!.position;
      }
      onProgress();
      if (events.length < BATCH) await this.sleep(POLL_MS, this.wake.signal);
    }
  }

  private async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
}
