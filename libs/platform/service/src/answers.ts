import {
  reasonsOf,
  worded,
  type CommandAccepted,
  type CommandAnswer,
  type CommandContract,
  type CommandRefused,
  type Notice,
} from '@loa/event-sourcing';
import type { EarlierOutcome } from '@loa/event-store';
import type { Attempt } from './attempt.js';
import type { EventMeta } from './event-meta.js';

/** The answer of the first time, or a refusal when the key stands for something else. */
export function repeated(
  { contract, fingerprint, id, streamId }: Attempt,
  earlier: Pick<EarlierOutcome, 'version' | 'position' | 'meta'>,
): CommandAnswer {
  const meta = JSON.parse(earlier.meta) as EventMeta;
  if (meta.fingerprint !== fingerprint) return refused(contract, { code: 'idempotency-key-reused' });
  return acceptedAnswer(
    contract,
    { id, streamId, version: earlier.version, position: earlier.position },
    meta.warnings ?? [],
  );
}

export function acceptedAnswer(
  contract: CommandContract,
  where: Pick<CommandAccepted, 'id' | 'version' | 'position' | 'streamId'>,
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

/** @throws when the contract does not name the reason: then the decision is wrong, not the command */
export function refused(
  contract: CommandContract,
  {
    code,
    field,
    details,
  }: { code: string; field?: string; details?: Readonly<Record<string, string | number>> },
): CommandRefused {
  const message = reasonsOf(contract)[code];
  if (!message) throw new Error(`${contract.name} may not be refused for ${code}: it is not in its contract`);
  return {
    status: 'refused',
    code,
    message: worded(message, details),
    ...(field !== undefined && { field }),
    ...(details !== undefined && { details }),
  };
}
