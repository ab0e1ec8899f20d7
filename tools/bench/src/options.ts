import { parseArgs } from 'node:util';

export const parts = ['append', 'query', 'visible'] as const;
export type PartName = (typeof parts)[number];

export interface Options {
  readonly parts: readonly PartName[];
  readonly quick: boolean;
}

const isPart = (word: string): word is PartName => (parts as readonly string[]).includes(word);

/** `npm run bench -- [append] [query] [visible] [--quick]`; no part named: all. @throws on anything else */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((word) => !isPart(word));
  if (unknown.length > 0)
    throw new Error(`there is no part ${unknown.join(', ')}; there are ${parts.join(', ')}`);
  const chosen = parts.filter((part) => positionals.includes(part));
  return { parts: chosen.length > 0 ? chosen : parts, quick: values.quick };
}
