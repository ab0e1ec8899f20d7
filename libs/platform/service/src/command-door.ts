import { isTransient } from '@loa/database';
import {
  ForeignEvent,
  type Accepted,
  type CommandAnswer,
  type CommandEnvelope,
  type CommandRefused,
  type Decider,
  type Decision,
} from '@loa/event-sourcing';
import { StoreBusy, type AppendResult, type EarlierOutcome, type EventStore } from '@loa/event-store';
import { failPoint } from '@loa/fail-points';
import type { HandledCommand } from '@loa/observability';
import { setTimeout as pause } from 'node:timers/promises';
import { acceptedAnswer, refused, repeated } from './answers.js';
import { prepare, type Attempt, type Entry } from './attempt.js';
import { momentOf } from './clock.js';
import { newEvent } from './event-meta.js';
import { eventId } from './ids.js';
import type { Rehydration } from './rehydration.js';

/** Finds things outside the stream by id; what is unknown is left out of the answer. */
export type Lookup = (ids: readonly string[]) => Promise<ReadonlyMap<string, unknown>>;

export interface DoorParts {
  readonly context: string;
  readonly store: EventStore;
  readonly deciders: readonly Decider[];
  /** Loads the things that commands are about. */
  readonly rehydration: Rehydration;
  /** By the names that decisions use in `needs`. */
  readonly lookups: Readonly<Record<string, Lookup>>;
  readonly now: () => Date;
  /** Told of every command that was answered or failed. */
  readonly onHandled?: (handled: HandledCommand) => void;
  /** Commands that may be under way at the same moment, waiting included; 4,096 when left out. */
  readonly mostUnderWay?: number;
}

/** No such command in this context. */
export class UnknownCommand extends Error {
  constructor(readonly command: string) {
    super(`there is no command ${command} here`);
  }
}

const MOST_TRIES = 8;
/** Whoever asked has given up after so long, and asks again with the same key: no further try is begun. */
const PATIENCE_MS = 5_000;
const MOST_UNDER_WAY = 4_096;

/** The one way into a context: parses, looks up, decides and appends. Refusals are answers; errors are for what broke. */
export class CommandDoor {
  /** Since the start of this process. */
  readonly counters = { replays: 0, conflicts: 0 };
  private readonly entries = new Map<string, Entry>();
  private underWay = 0;

  constructor(private readonly parts: DoorParts) {
    for (const decider of parts.deciders) {
      for (const decision of decider.decisions)
        this.entries.set(decision.contract.name, { decider, decision });
    }
  }

  /** The aggregate that a command is about. @throws UnknownCommand */
  aggregateOf(command: string): string {
    return this.entry(command).decider.aggregate;
  }

  /**
   * @throws UnknownCommand; StoreBusy when too many are under way: a pool without a free connection lets any number wait,
   * each with its command; or what the database throws: then the outcome is unknown, and the same key may be sent again
   */
  async handle(command: string, envelope: CommandEnvelope): Promise<CommandAnswer> {
    // Names that clients make up go no further: what is told of a command may become a label.
    this.entry(command);
    const begun = performance.now();
    let outcome: HandledCommand['outcome'] = 'failed';
    this.underWay += 1;
    try {
      if (this.underWay > (this.parts.mostUnderWay ?? MOST_UNDER_WAY)) throw new StoreBusy();
      const answer = await this.untilAnswered(command, envelope);
      outcome = answer.status;
      return answer;
    } finally {
      this.underWay -= 1;
      this.parts.onHandled?.({ command, outcome, seconds: (performance.now() - begun) / 1_000 });
    }
  }

  private async untilAnswered(command: string, envelope: CommandEnvelope): Promise<CommandAnswer> {
    const begun = performance.now();
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.handleOnce(command, envelope);
      } catch (error) {
        // The key makes it safe to go again, also when the first try was stored and only its answer was lost.
        const over = tries === MOST_TRIES || performance.now() - begun > PATIENCE_MS;
        if (over || !isTransient(error)) throw error;
        await pause(Math.min(1_000, 25 * 2 ** tries) * (0.5 + Math.random() / 2));
      }
    }
  }

  private async handleOnce(command: string, envelope: CommandEnvelope): Promise<CommandAnswer> {
    const attempt = prepare(this.entry(command), envelope, this.parts.now());
    if ('status' in attempt) return attempt;
    const earlier = await this.parts.store.outcomeOf(eventId(attempt.key, 0), attempt.key);
    if (earlier) return this.repeated(attempt, earlier);
    for (let tries = 1; ; tries += 1) {
      const answer = await this.attempt(attempt);
      if (answer) return answer;
      if (tries === MOST_TRIES) return this.conflict(attempt);
      await pause(Math.random() * 2 ** tries);
    }
  }

  private entry(command: string): Entry {
    const entry = this.entries.get(command);
    if (!entry) throw new UnknownCommand(command);
    return entry;
  }

  /** @returns nothing when somebody else wrote first: then it must be decided anew */
  private async attempt(attempt: Attempt): Promise<CommandAnswer | undefined> {
    const { decider, decision } = attempt.entry;
    const stream = await this.parts.rehydration.load(decider, attempt.streamId);
    const { expectedVersion } = attempt.envelope;
    if (expectedVersion !== undefined && expectedVersion !== stream.version) {
      return refused(attempt.contract, {
        code: 'version-conflict',
        details: { current: stream.version },
      });
    }
    let state: unknown;
    try {
      state = stream.state();
    } catch (error) {
      if (error instanceof ForeignEvent) return refused(attempt.contract, { code: 'id-in-use' });
      throw error;
    }
    const known = await this.lookUp(decision, attempt.input, state);
    const result = decision.decide(attempt.input, state, { ...known, ...momentOf(attempt.at) });
    if (result.outcome === 'refused') {
      const { reason, field, details } = result;
      return refused(attempt.contract, {
        code: reason,
        ...(field && { field }),
        ...(details && { details }),
      });
    }
    const answer = await this.commit(attempt, stream.version, result);
    if (answer?.status === 'accepted') this.parts.rehydration.keep(decider, stream);
    return answer;
  }

  private async lookUp(decision: Decision<unknown>, input: unknown, state: unknown) {
    const kinds = Object.entries(decision.needs).map(async ([kind, ids]) => {
      const lookup = this.parts.lookups[kind];
      if (!lookup)
        throw new Error(`${decision.contract.name} needs "${kind}", which this context cannot look up`);
      const wanted = (ids as (input: unknown, state: unknown) => readonly string[])(input, state);
      return [kind, wanted.length === 0 ? new Map() : await lookup([...new Set(wanted)])] as const;
    });
    return Object.fromEntries(await Promise.all(kinds)) as Record<string, unknown>;
  }

  private async commit(
    attempt: Attempt,
    version: number,
    accepted: Accepted,
  ): Promise<CommandAnswer | undefined> {
    let result: AppendResult;
    try {
      result = await this.parts.store.append({
        streamId: attempt.streamId,
        expected: version,
        events: accepted.events.map((event, index) => newEvent(attempt, event, index, accepted.warnings)),
        claims: accepted.claims.map(({ key }) => key),
      });
    } catch (error) {
      // The key was used in another stream between our look and our append.
      if (!isRepeatedEvent(error)) throw error;
      const earlier = await this.parts.store.outcomeOf(eventId(attempt.key, 0), attempt.key);
      if (!earlier) throw error;
      return this.repeated(attempt, earlier);
    }
    failPoint('command.afterAppend');
    if (result.status === 'conflict') {
      this.counters.conflicts += 1;
      return undefined;
    }
    if (result.status === 'claimed') {
      const { otherwise, details } = accepted.claims.find(({ key }) => key === result.key)!;
      return refused(attempt.contract, { code: otherwise, ...(details && { details }) });
    }
    const { version: last, position } = result;
    const { contract, id, streamId } = attempt;
    return acceptedAnswer(contract, { id, streamId, version: last, position }, accepted.warnings);
  }

  private repeated(attempt: Attempt, earlier: EarlierOutcome): CommandAnswer {
    const answer = repeated(attempt, earlier);
    if (answer.status === 'accepted') this.counters.replays += 1;
    return answer;
  }

  private async conflict(attempt: Attempt): Promise<CommandRefused> {
    const { version } = await this.parts.store.load(attempt.streamId);
    return refused(attempt.contract, { code: 'version-conflict', details: { current: version } });
  }
}

const isRepeatedEvent = (error: unknown) =>
  (error as { constraint?: unknown } | null)?.constraint === 'event_once';
