import type { Decider, DomainEvent } from '@loa/event-sourcing';
import { fold } from '@loa/event-sourcing';
import { BrokenSnapshot, Snapshots, type EventStore, type StoredEvent } from '@loa/event-store';

/** A thing as its facts, or a snapshot and the facts since, say it is. */
export interface Rehydrated {
  readonly streamId: string;
  readonly version: number;
  /** The version of the snapshot that was used, 0 without one. */
  readonly since: number;
  readonly lastEventId: string | undefined;
  /** Folds when asked. @throws ForeignEvent */
  readonly state: () => unknown;
}

/** A stream gets a snapshot when it is so many events past the last one. */
const EVERY = 100;

/** Brings things back to life for a decision, and keeps the state of those with long streams. */
export class Rehydration {
  /** Since the start of this process. `broken`: snapshots that were not as written; `failed`: could not be saved. */
  readonly counters = { used: 0, taken: 0, broken: 0, failed: 0 };
  private readonly snapshots: Snapshots;
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly store: EventStore,
    private readonly domainEvent: (stored: StoredEvent) => DomainEvent,
  ) {
    this.snapshots = new Snapshots(store.pool);
  }

  async load(decider: Decider, streamId: string): Promise<Rehydrated> {
    const { snapshot } = decider;
    if (!snapshot) return this.fromFacts(decider, streamId);
    try {
      const { state, since, version, events } = await this.snapshots.load(streamId, snapshot.schema);
      const initial = state === undefined ? decider.initial : snapshot.restore(JSON.parse(state) as unknown);
      if (since > 0) this.counters.used += 1;
      return this.rehydrated({ ...decider, initial }, { streamId, since, version, events });
    } catch (error) {
      if (!(error instanceof BrokenSnapshot)) throw error;
      this.counters.broken += 1;
      return this.fromFacts(decider, streamId);
    }
  }

  /** Saves what was loaded, when that took long enough to fold; nobody waits for it. */
  keep({ snapshot }: Decider, { streamId, version, since, lastEventId, state }: Rehydrated): void {
    if (!snapshot || version - since < EVERY || lastEventId === undefined || this.underWay.has(streamId))
      return;
    const saving = Promise.resolve()
      .then(() => JSON.stringify(snapshot.keep(state())))
      .then((kept) =>
        this.snapshots.save({
          streamId,
          version,
          eventId: lastEventId,
          stateSchema: snapshot.schema,
          state: kept,
        }),
      )
      .then(
        () => void (this.counters.taken += 1),
        () => void (this.counters.failed += 1),
      )
      .finally(() => this.underWay.delete(streamId));
    this.underWay.set(streamId, saving);
  }

  /** Resolves when every snapshot that is being saved is saved, or could not be. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  private async fromFacts(decider: Decider, streamId: string): Promise<Rehydrated> {
    return this.rehydrated(decider, { streamId, since: 0, ...(await this.store.load(streamId)) });
  }

  private rehydrated(
    from: Pick<Decider, 'initial' | 'evolve'>,
    {
      events,
      ...where
    }: Pick<Rehydrated, 'streamId' | 'since' | 'version'> & { events: readonly StoredEvent[] },
  ): Rehydrated {
    let folded: { readonly state: unknown } | undefined;
    const state = () => (folded ??= { state: fold(from, events.map(this.domainEvent)) }).state;
    return { ...where, lastEventId: events.at(-1)?.eventId, state };
  }
}
