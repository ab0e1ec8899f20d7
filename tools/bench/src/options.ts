import { parseArgs } from 'node:util';

export const parts = [
  'append',
  'catch-up',
  'projection',
  'kafka',
  'query',
  'history',
  'visible',
  'soak',
] as const;
export type PartName = (typeof parts)[number];

export interface Options {
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  /** How long each of the two systems is under load. */
  readonly soakMinutes: number;
}

const SOAK_MINUTES = 3;
const QUICK_SOAK_MINUTES = 0.5;

const isPart = (word: string): word is PartName => (parts as readonly string[]).includes(word);

/** `npm run bench -- [part…] [--quick] [--soak-minutes n]`; no part named: all. @throws on anything else */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, 'soak-minutes': { type: 'string' } },
  });
  const unknown = positionals.filter((word) => !isPart(word));
  if (unknown.length > 0)
    throw new Error(`there is no part ${unknown.join(', ')}; there are ${parts.join(', ')}`);
  const chosen = parts.filter((part) => positionals.includes(part));
  const { quick } = values;
  const soakMinutes = Number(values['soak-minutes'] ?? (quick ? QUICK_SOAK_MINUTES : SOAK_MINUTES));
  if (!(soakMinutes >= QUICK_SOAK_MINUTES))
    throw new Error(`--soak-minutes is a number of at least ${QUICK_SOAK_MINUTES}`);
  return { parts: chosen.length > 0 ? chosen : parts, quick, soakMinutes };
}
