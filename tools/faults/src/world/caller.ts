import { isTransient } from '@loa/database';
import type { Append, AppendResult, EventStore, NewEvent } from '@loa/event-store';
import { failPoint } from '@loa/fail-points';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { randomOf, type Random } from '../schedule/random.js';
import type { CallEntry, Wish } from './calls.js';
import { Happened, type Fails } from './contract.js';
import { clock, type Journal } from './journal.js';
import type { AppenderPlan } from './plans.js';

/** What the callers of one process share. */
export interface Voice {
  readonly plan: AppenderPlan;
  readonly store: EventStore;
  /** What the process knows of the versions of streams. */
  readonly versions: Map<string, number>;
  readonly journal: Journal;
  nextCall(): number;
  /** True when nothing new is to be wished for. */
  finishing(): boolean;
  tell(error: unknown): void;
}

/** Somebody who appends, one append after the other, and writes down what was asked and what was answered. */
export class Caller {
  private readonly random: Random;
  private made = 0;

  /** @param calls made before in this process and those before it: no two wishes are to look alike */
  constructor(
    private readonly voice: Voice,
    private readonly index: number,
    calls: number,
  ) {
    const { seed, name } = voice.plan;
    this.random = randomOf(seed * 1_009 + index * 13 + name.length * 7 + Number(name.at(-1)) + calls);
  }

  async work(): Promise<void> {
    const { load } = this.voice.plan;
    while (!this.voice.finishing()) {
      await this.insist(this.wish());
      if (load.pauseMs > 0) await pause(this.random.between(0, load.pauseMs));
    }
  }

  /** Asks until there is an answer, with the same ids each time. */
  async insist(wish: Wish): Promise<void> {
    for (let failures = 0; !(await this.ask(wish)); failures += 1) {
      await pause(Math.min(200, 10 * 2 ** failures) * (0.5 + this.random.next() / 2));
    }
  }

  /** @returns whether there was an answer */
  private async ask(wish: Wish): Promise<boolean> {
    const { journal, store, plan } = this.voice;
    const call = this.voice.nextCall();
    const write = (entry: CallEntry) => journal.write(entry);
    write({ call, at: clock(), wish });
    try {
      const result = plan.lies && this.random.chance(0.01) ? lie() : await store.append(appendOf(wish));
      // Where a command door stands that has not answered yet.
      failPoint('command.afterAppend');
      this.learn(wish, result);
      if (result.status === 'appended' || result.status === 'duplicate') {
        const { status, version, position } = result;
        write({ answer: call, at: clock(), status, version, position });
      } else write({ answer: call, at: clock(), status: 'refused' });
      return true;
    } catch (error) {
      write({ answer: call, at: clock(), status: 'unknown', ...strangeness(error) });
      this.voice.tell(error);
      return false;
    }
  }

  private learn({ streamId }: Wish, result: AppendResult): void {
    if (result.status === 'conflict') this.voice.versions.set(streamId, result.current);
    if (result.status === 'appended') this.voice.versions.set(streamId, result.version);
  }

  private wish(): Wish {
    const { streams, load, name } = this.voice.plan;
    const { random } = this;
    const streamId = random.chance(0.03) ? randomUUID() : random.pick(streams);
    const events = Array.from({ length: random.between(1, load.mostEvents) }, () => ({
      eventId: randomUUID(),
      data: JSON.stringify(
        Happened({ by: `${name}/${this.index}`, n: (this.made += 1), fails: this.fails() }).data,
      ),
    }));
    return { streamId, expected: this.expected(streamId), events };
  }

  private expected(streamId: string): Append['expected'] {
    const known = this.voice.versions.get(streamId) ?? 0;
    const dice = this.random.next();
    if (dice < 0.2) return 'any';
    if (dice < 0.3) return 'exists';
    // Somebody who has not heard of the last events.
    if (dice < 0.35) return Math.max(0, known - 1);
    return known;
  }

  private fails(): Fails {
    const { poison } = this.voice.plan.load;
    let dice = this.random.next() * 3_000;
    for (const kind of ['always', 'twice', 'until mended'] as const) {
      dice -= poison[kind];
      if (dice < 0) return kind;
    }
    return 'never';
  }
}

const appendOf = ({ streamId, expected, events }: Wish): Append => ({
  streamId,
  expected,
  events: events.map(({ eventId, data }): NewEvent => ({
    eventId,
    type: Happened.type,
    schemaVersion: Happened.schemaVersion,
    data,
    meta: '{}',
  })),
});

const DISK_FULL = '53100';

/** The database may be away and its disk may be full; no other error is to be expected from an append. */
function strangeness(error: unknown): { strange?: string } {
  if (isTransient(error) || (error as { code?: unknown } | null)?.code === DISK_FULL) return {};
  return { strange: error instanceof Error ? error.message : String(error) };
}

const lie = (): AppendResult => ({ status: 'appended', version: 1, position: 1, recordedAt: new Date() });
