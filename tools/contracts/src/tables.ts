import { format, resolveConfig } from 'prettier';

/** A cell must stay in its cell: no line break, no bar. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

/** A Markdown table; prettier aligns it afterwards. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;
export const codes = (list: readonly string[]): string => list.map(code).join(', ');

/** As the repository formats its files, so that what is written is what `prettier --check` wants. */
export async function formatted(text: string, file: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

const mark = (part: string, end: 'begin' | 'end') => `<!-- generated: ${part} ${end} -->`;

/**
 * Puts generated parts between their marks, `<!-- generated: commands begin -->` and `… end -->`.
 * @throws when a part has no place in the page, or the page has a place for a part that there is not
 */
export function filled(page: string, parts: Readonly<Record<string, string>>): string {
  for (const [, name] of page.matchAll(/<!-- generated: (\S+) begin -->/g))
    if (!(name! in parts)) throw new Error(`nothing is generated for the place "${name}"`);
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [mark(name, 'begin'), mark(name, 'end')];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`there is no place for "${name}": ${begin} … ${end}`);
    return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
  }, page);
}
