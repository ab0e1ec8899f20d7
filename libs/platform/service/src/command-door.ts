import { isTransient } from '@loa/database';
import {
  ForeignEvent,
  fold,
  nameOf,
  reasonsOf,
  worded,
  type Accepted,
  type CommandAccepted,
  type CommandAnswer,
  type CommandContract,
  type CommandEnvelope,
  type CommandRefused,
  type Decider,
  type Decision,
  type DomainEvent,
  type Notice,
} from '@loa/event-sourcing';
import type { AppendResult, EventStore, NewEvent, StoredEvent } from '@loa/event-store';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { momentOf } from './clock.js';
import { eventId, mintedId, streamIdOf } from './ids.js';
import { invalidInput, parseCommand } from './parse-command.js';

/** Finds things outside the stream by id; what is unknown is left out of the answer. */
export type Lookup = (ids: readonly string[]) => Promise<ReadonlyMap<string, unknown>>;

export interface DoorParts {
  readonly context: string;
  readonly store: EventStore;
  readonly deciders: readonly Decider[];
  /** By the names that decisions use in `needs`. */
  readonly lookups: Readonly<Record<string, Lookup>>;
  readonly now: () => Date;
}

interface Entry {
  readonly decider: Decider<unknown>;
  readonly decision: Decision<unknown>;
}

/** What an event carries besides its data. No personal data: keys and codes only. */
interface EventMeta {
  readonly command: string;
  readonly key: string;
  readonly fingerprint: string;
  /** When it happened. */
  readonly at: string;
  readonly id: string;
  readonly warnings?: readonly Notice[];
}

interface Attempt {
  readonly contract: CommandContract;
  readonly entry: Entry;
  readonly envelope: CommandEnvelope;
  readonly input: Readonly<Record<string, unknown>>;
  readonly key: string;
  readonly fingerprint: string;
  readonly streamId: string;
  readonly id: string;
  readonly at: Date;
}

/** No such command in this context. */
export class UnknownCommand extends Error {
  constructor(readonly command: string) {
    super(`there is no command ${command} here`);
  }
}

const MOST_TRIES = 8;
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** The one way into a context: parses, looks up, decides and appends. Refusals are answers; errors are for what broke. */
export class CommandDoor {
  private readonly entries = new Map<string, Entry>();

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

  /** @throws UnknownCommand, or what the database throws: then the outcome is unknown, and the same key may be sent again */
  async handle(command: string, envelope: CommandEnvelope): Promise<CommandAnswer> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.handleOnce(command, envelope);
      } catch (error) {
        // The key makes it safe to go again, also when the first try was stored and only its answer was lost.
        if (!isTransient(error) || tries === MOST_TRIES) throw error;
        await pause(Math.min(1_000, 25 * 2 ** tries) * (0.5 + Math.random() / 2));
      }
    }
  }

  private async handleOnce(command: string, envelope: CommandEnvelope): Promise<CommandAnswer> {
    const attempt = this.prepare(this.entry(command), envelope);
    if ('status' in attempt) return attempt;
    const earlier = await this.parts.store.outcomeOf(eventId(attempt.key, 0), attempt.key);
    if (earlier) return repeated(attempt, earlier);
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

  private prepare(entry: Entry, envelope: CommandEnvelope): Attempt | CommandRefused {
    const { contract } = entry.decision;
    const now = this.parts.now();
    const at = envelope.occurredAt === undefined ? now : new Date(envelope.occurredAt);
    if (Number.isNaN(at.getTime()))
      return invalidInput('occurredAt', 'không phải thời điểm có thật', 'it is not an instant that exists');
    if (at.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) {
      return invalidInput('occurredAt', 'nằm trong tương lai', 'it lies in the future');
    }
    const key = envelope.idempotencyKey;
    if (key.length === 0 || key.length > 200)
      return invalidInput('idempotencyKey', 'dài 1–200 ký tự', 'it must have 1 to 200 characters');
    const parsed = parseCommand(contract, withId(contract, envelope.input, key));
    if (!parsed.ok) return parsed.refusal;
    const target = contract.target.map((field) => String(parsed.input[field]));
    return {
      contract,
      entry,
      envelope,
      input: parsed.input,
      key,
      fingerprint: fingerprintOf(contract.name, parsed.input, envelope),
      streamId: streamIdOf(entry.decider.aggregate, target),
      id: target[0]!,
      at,
    };
  }

  /** @returns nothing when somebody else wrote first: then it must be decided anew */
  private async attempt(attempt: Attempt): Promise<CommandAnswer | undefined> {
    const { decider, decision } = attempt.entry;
    const stream = await this.parts.store.load(attempt.streamId);
    const { expectedVersion } = attempt.envelope;
    if (expectedVersion !== undefined && expectedVersion !== stream.version) {
      return this.refusal(attempt.contract, {
        code: 'version-conflict',
        details: { current: stream.version },
      });
    }
    let state: unknown;
    try {
      state = fold(decider, stream.events.map(domainEvent));
    } catch (error) {
      if (error instanceof ForeignEvent) return this.refusal(attempt.contract, { code: 'id-in-use' });
      throw error;
    }
    const known = await this.lookUp(decision, attempt.input, state);
    const result = decision.decide(attempt.input, state, { ...known, ...momentOf(attempt.at) });
    if (result.outcome === 'refused') {
      const { reason, field, details } = result;
      return this.refusal(attempt.contract, {
        code: reason,
        ...(field && { field }),
        ...(details && { details }),
      });
    }
    return this.commit(attempt, stream.version, result);
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
      return repeated(attempt, earlier);
    }
    if (result.status === 'conflict') return undefined;
    if (result.status === 'claimed') {
      const { otherwise, details } = accepted.claims.find(({ key }) => key === result.key)!;
      return this.refusal(attempt.contract, { code: otherwise, ...(details && { details }) });
    }
    const { version: last, position } = result;
    return acceptedAnswer(attempt.contract, { id: attempt.id, version: last, position }, accepted.warnings);
  }

  private async conflict(attempt: Attempt): Promise<CommandRefused> {
    const { version } = await this.parts.store.load(attempt.streamId);
    return this.refusal(attempt.contract, { code: 'version-conflict', details: { current: version } });
  }

  private refusal(
    contract: CommandContract,
    {
      code,
      field,
      details,
    }: { code: string; field?: string; details?: Readonly<Record<string, string | number>> },
  ): CommandRefused {
    const message = reasonsOf(contract)[code];
    if (!message)
      throw new Error(`${contract.name} may not be refused for ${code}: it is not in its contract`);
    return {
      status: 'refused',
      code,
      message: worded(message, details),
      ...(field !== undefined && { field }),
      ...(details !== undefined && { details }),
    };
  }
}

const domainEvent = ({ type, schemaVersion, data }: StoredEvent): DomainEvent => ({
  type,
  name: nameOf(type),
  schemaVersion,
  data: JSON.parse(data) as unknown,
});

function newEvent(
  attempt: Attempt,
  event: DomainEvent,
  index: number,
  warnings: readonly Notice[],
): NewEvent {
  const meta: EventMeta = {
    command: attempt.contract.name,
    key: attempt.key,
    fingerprint: attempt.fingerprint,
    at: attempt.at.toISOString(),
    id: attempt.id,
    ...(index === 0 && warnings.length > 0 && { warnings }),
  };
  return {
    eventId: eventId(attempt.key, index),
    type: event.type,
    schemaVersion: event.schemaVersion,
    data: JSON.stringify(event.data),
    meta: JSON.stringify(meta),
  };
}

/** The answer of the first time, or a refusal when the key stands for something else. */
function repeated(
  { contract, fingerprint, id }: Attempt,
  earlier: { version: number; position: number; meta: string },
): CommandAnswer {
  const meta = JSON.parse(earlier.meta) as EventMeta;
  if (meta.fingerprint !== fingerprint) {
    return {
      status: 'refused',
      code: 'idempotency-key-reused',
      message: reasonsOf(contract)['idempotency-key-reused']!,
    };
  }
  return acceptedAnswer(
    contract,
    { id, version: earlier.version, position: earlier.position },
    meta.warnings ?? [],
  );
}

function acceptedAnswer(
  contract: CommandContract,
  where: { id: string; version: number; position: number },
  warnings: readonly Notice[],
): CommandAccepted {
  return {
    status: 'accepted',
    ...where,
    warnings: warnings.map(({ code, field, details }) => ({
      code,
      message: worded(contract.warnings[code]!, details),
      ...(field !== undefined && { field }),
    })),
  };
}

function withId(contract: CommandContract, input: unknown, key: string): unknown {
  const [field] = contract.target;
  if (!contract.creates || input === null || typeof input !== 'object' || !field) return input;
  return field in input ? input : { ...input, [field]: mintedId(key) };
}

/** The same for the same wish, whatever the order of its fields. */
function fingerprintOf(name: string, input: unknown, envelope: CommandEnvelope): string {
  const { expectedVersion, occurredAt } = envelope;
  const sorted = (value: unknown): unknown =>
    value === null || typeof value !== 'object'
      ? value
      : Array.isArray(value)
        ? value.map(sorted)
        : Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([field, inner]) => [field, sorted(inner)]);
  return createHash('sha256')
    .update(JSON.stringify([name, sorted(input), expectedVersion ?? null, occurredAt ?? null]))
    .digest('hex');
}

const isRepeatedEvent = (error: unknown) =>
  (error as { constraint?: unknown } | null)?.constraint === 'event_once';
