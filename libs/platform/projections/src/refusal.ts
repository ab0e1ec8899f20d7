/** A projection threw, or its event could not be read: the same event will fail the same way again. */
export class ProjectionFailed extends Error {
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Runs the pure part of applying events; what it throws is the fault of an event or of its projection. */
export function projected<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ProjectionFailed(error);
  }
}

/** Why an event cannot be applied. */
export interface Refusal {
  /** Two failures of one kind are the same failure: a class of error, or a code of PostgreSQL. */
  readonly kind: string;
  /** For operators. Without the payload of the event, as far as it is ours to say: a projection may throw any words. */
  readonly words: string;
}

const LONGEST_WORDS = 500;
/** Data exceptions and broken constraints, and a row or an index entry that is too large. */
const refusedRow = /^(22|23)|^54000$/;

/**
 * Why the event is at fault; undefined when it is not. A database that is away, a missing table or right, a full disk
 * and whatever else says nothing of the event: then the batch comes again, and nothing is set aside.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ProjectionFailed) return thrown(error.cause);
  const { code, constraint, table, column } = (error ?? {}) as Record<string, unknown>;
  if (typeof code !== 'string' || !refusedRow.test(code)) return undefined;
  const named = Object.entries({ table, column, constraint }).filter(([, name]) => typeof name === 'string');
  const where = named.map(([what, name]) => `${what} ${String(name)}`).join(', ');
  return { kind: code, words: `PostgreSQL refused a row: ${code}${where && ` (${where})`}` };
}

function thrown(cause: unknown): Refusal {
  // Its message quotes what it could not read.
  if (cause instanceof SyntaxError) return { kind: 'SyntaxError', words: 'the event is not JSON' };
  if (!(cause instanceof Error)) return { kind: typeof cause, words: 'a projection threw what is no error' };
  const kind = cause.constructor.name;
  return { kind, words: `${kind}: ${cause.message}`.slice(0, LONGEST_WORDS) };
}
