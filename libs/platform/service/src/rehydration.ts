import { fold, type Decider, type DomainEvent, type EventContract } from '@loa/event-sourcing';
import { BrokenSnapshot, Snapshots, type EventStore, type StoredEvent } from '@loa/event-store';
import { domainEventsBy } from './event-meta.js';

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

/** The facts of a thing, all of them or those since a snapshot. */
type Loaded = Pick<Rehydrated, 'streamId' | 'since' | 'version'> & {
  readonly events: readonly StoredEvent[];
};

/** What a snapshot holds. */
interface Kept {
  readonly aggregate: string;
  readonly state: unknown;
}

/** A stream gets a snapshot when it is so many events past the last one. */
const EVERY = 100;

/** Brings the things of a context back to life for a decision, and keeps the state of those with long streams. */
export class Rehydration {
  /** Since the start of this process. `broken`: snapshots that were not as written; `failed`: could not be saved. */
  readonly counters = { events: 0, used: 0, taken: 0, broken: 0, failed: 0 };
  private readonly domainEvent: (stored: StoredEvent) => DomainEvent;
  private readonly snapshots: Snapshots;
  private readonly underWay = new Map<string, Promise<void>>();

  /** @param events every event that the streams may hold */
  constructor(
    private readonly store: EventStore,
    events: readonly EventContract[],
  ) {
    this.domainEvent = domainEventsBy(events);
    this.snapshots = new Snapshots(store.pool);
  }

  /** Several things of one kind at once; those without any fact are left out. */
  async loadAll(decider: Decider, streamIds: readonly string[]): Promise<Rehydrated[]> {
    if (decider.snapshot) {
      const all = await Promise.all(streamIds.map((streamId) => this.load(decider, streamId)));
      return all.filter(({ version }) => version > 0);
    }
    const streams = await this.store.loadAll(streamIds);
    return [...streams].map(([streamId, stream]) =>
      this.rehydrated(decider, { streamId, since: 0, ...stream }),
    );
  }

  async load(decider: Decider, streamId: string): Promise<Rehydrated> {
    const { snapshot } = decider;
    if (!snapshot) return this.fromFacts(decider, streamId);
    try {
      const { state, since, version, events } = await this.snapshots.load(streamId, snapshot.schema);
      if (state === undefined) return this.rehydrated(decider, { streamId, since, version, events });
      const kept = JSON.parse(state) as Partial<Kept>;
      // The id belongs to another kind of thing: its facts will say so.
      if (kept.aggregate !== decider.aggregate) return this.fromFacts(decider, streamId);
      const initial = snapshot.restore(kept.state);
      this.counters.used += 1;
      return this.rehydrated({ ...decider, initial }, { streamId, since, version, events });
    } catch (error) {
      if (!(error instanceof BrokenSnapshot)) throw error;
      this.counters.broken += 1;
      return this.fromFacts(decider, streamId);
    }
  }

  /** Saves what was loaded, when that took long enough to fold; nobody waits for it. */
  keep({ aggregate, snapshot }: Decider, { streamId, version, since, lastEventId, state }: Rehydrated): void {
    if (!snapshot || version - since < EVERY || lastEventId === undefined || this.underWay.has(streamId))
      return;
    const saving = Promise.resolve()
      .then(() => JSON.stringify({ aggregate, state: snapshot.keep(state()) } satisfies Kept))
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

  private rehydrated(from: Pick<Decider, 'initial' | 'evolve'>, { events, ...where }: Loaded): Rehydrated {
    this.counters.events += events.length;
    let folded: { readonly state: unknown } | undefined;
    const state = () => (folded ??= { state: fold(from, events.map(this.domainEvent)) }).state;
    return { ...where, lastEventId: events.at(-1)?.eventId, state };
  }
}
