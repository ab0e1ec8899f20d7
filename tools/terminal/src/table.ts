/** A cell: text stands on the left of its column, a number on the right. */
export type Cell = string | number;

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sentences below it. */
  readonly notes?: readonly string[];
}

/** About three digits: 12345, 123, 12.3, 1.23, 0.12. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** The table as lines of plain text, every column as wide as its widest cell. */
export function drawn({ title, columns, rows, notes = [] }: Table): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? figure(cell) : cell)));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...texts.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[], right: (at: number) => boolean) =>
    widths
      .map((width, at) => (right(at) ? (cells[at] ?? '').padStart(width) : (cells[at] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd();
  const numeric = (at: number) => rows.length > 0 && rows.every((row) => typeof row[at] === 'number');
  return [
    title,
    line(columns, numeric),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...texts.map((row, index) => line(row, (at) => typeof rows[index]![at] === 'number')),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
