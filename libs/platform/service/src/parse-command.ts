import {
  doorRefusals,
  normalizeText,
  worded,
  type CommandContract,
  type CommandRefused,
} from '@loa/event-sourcing';
import type { z } from 'zod';
import { inputProblem } from './input-problems.js';

export function invalidInput(field: string, vi: string, en: string): CommandRefused {
  const details = { field, problem: vi, problemEn: en };
  return {
    status: 'refused',
    code: 'invalid-input',
    message: worded(doorRefusals['invalid-input'], details),
    field,
  };
}

function refusalOf(issue: z.core.$ZodIssue, within: readonly PropertyKey[] = []): CommandRefused {
  const path = [...within, ...issue.path];
  if (issue.code === 'unrecognized_keys') path.push(issue.keys[0]!);
  const { vi, en } = inputProblem(issue);
  return invalidInput(path.join('.') || 'input', vi, en);
}

type Refused = { readonly ok: false; readonly refusal: CommandRefused };

export type ParsedCommand =
  { readonly ok: true; readonly input: Readonly<Record<string, unknown>> } | Refused;

/** Text to NFC, then through the contract. The first problem is told, with the path of its field. */
export function parseCommand(contract: CommandContract, raw: unknown): ParsedCommand {
  const parsed = contract.input.safeParse(normalizeText(raw), { reportInput: true });
  if (parsed.success) return { ok: true, input: parsed.data };
  return { ok: false, refusal: refusalOf(parsed.error.issues[0]!) };
}

/** A part of the envelope through the schema of a field, refused in the same words as a field of the input. */
export function parseField<T extends z.ZodType>(
  field: string,
  schema: T,
  raw: unknown,
): { readonly ok: true; readonly value: z.output<T> } | Refused {
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, refusal: refusalOf(parsed.error.issues[0]!, [field]) };
}
