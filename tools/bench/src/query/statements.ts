/** One SQL as a server was sent it; values as text, null as null. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly (string | null)[];
}

/** What the lines of the log begin with, so that they can be told from the lines of a statement. */
export const LOG_PREFIX = 'loa-bench';

/**
 * The prepared or parameterised statements of one database, from the log of a PostgreSQL server with
 * log_statement = all and log_line_prefix = 'loa-bench <database> '. Statements without an answer (BEGIN…) come as
 * "statement:" and are left out.
 */
export function statementsIn(log: string, database: string): Statement[] {
  const entries = log.split(new RegExp(`^${LOG_PREFIX} `, 'm')).slice(1);
  const found: Statement[] = [];
  for (const entry of entries) {
    const [, from, level, text] = /^(\S*) (\w+): {2}([\s\S]*)$/.exec(entry.trimEnd()) ?? [];
    if (from !== database || text === undefined) continue;
    const executed = /^execute [^:]*: ([\s\S]*)$/.exec(text)?.[1];
    if (level === 'LOG' && executed !== undefined) {
      // Further lines of a statement are written behind a tab.
      found.push({ sql: executed.replaceAll('\n\t', '\n'), values: [] });
    }
    const parameters = /^Parameters: ([\s\S]*)$/.exec(text)?.[1];
    const last = found.at(-1);
    if (level === 'DETAIL' && parameters !== undefined && last) {
      found[found.length - 1] = { ...last, values: valuesIn(parameters) };
    }
  }
  return found;
}

/** `$1 = 'it''s', $2 = NULL` */
function valuesIn(parameters: string): (string | null)[] {
  const pattern = /\$\d+ = (?:NULL|'((?:[^']|'')*)')/g;
  return [...parameters.matchAll(pattern)].map(([, text]) => text?.replaceAll("''", "'") ?? null);
}
