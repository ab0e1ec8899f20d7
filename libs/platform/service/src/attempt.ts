import {
  instant,
  type CommandContract,
  type CommandEnvelope,
  type CommandRefused,
  type Decider,
  type Decision,
} from '@loa/event-sourcing';
import { createHash } from 'node:crypto';
import { mintedId, streamIdOf } from './ids.js';
import { invalidInput, parseCommand, parseField } from './parse-command.js';

/** A decision together with the decider it belongs to. */
export interface Entry {
  readonly decider: Decider<unknown>;
  readonly decision: Decision<unknown>;
}

/** A command that is well formed, and what follows from its form alone. */
export interface Attempt {
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

const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Everything that can be said of a command before anything is looked up. */
export function prepare(entry: Entry, envelope: CommandEnvelope, now: Date): Attempt | CommandRefused {
  const { contract } = entry.decision;
  const occurred = parseField('occurredAt', instant.optional(), envelope.occurredAt);
  if (!occurred.ok) return occurred.refusal;
  const occurredAt = occurred.value;
  const at = occurredAt === undefined ? now : new Date(occurredAt);
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
    fingerprint: fingerprintOf(contract.name, parsed.input, [envelope.expectedVersion, occurredAt]),
    streamId: streamIdOf(entry.decider.aggregate, target),
    id: target[0]!,
    at,
  };
}

function withId(contract: CommandContract, input: unknown, key: string): unknown {
  const [field] = contract.target;
  if (!contract.creates || input === null || typeof input !== 'object' || !field) return input;
  return field in input ? input : { ...input, [field]: mintedId(key) };
}

/** The same for the same wish, whatever the order of its fields. */
function fingerprintOf(
  name: string,
  input: unknown,
  [expectedVersion, occurredAt]: readonly [number | undefined, string | undefined],
): string {
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
