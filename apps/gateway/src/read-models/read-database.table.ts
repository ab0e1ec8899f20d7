import { isTransient, openPool, type DatabaseAddress } from '@loa/database';
import type { Localized } from '@loa/event-sourcing';
import { edgeError } from '@loa/graphql';
import { overTables, type ReadTable } from '@loa/projections';
import type pg from 'pg';

/** The schema of the read tables. */
export const READ_SCHEMA = 'read';
/** The name of the projector that fills them. */
export const READER = 'gateway';

export interface Standing {
  /** RFC 3339; answers from the rows as they were recorded at that instant. Left out: now. */
  readonly asOf?: string | undefined;
  /** Every table the SQL names; one that is left out is unknown to it, so that now and then cannot be mixed. */
  readonly tables: readonly ReadTable[];
}

const TIMEOUT_MS = 4_000;
const CANCELLED = '57014';
const MOST_WAITING = 1_000;

/**
 * Sessions for questions only: they cannot write, and a question that takes over 4 s is stopped. That holds for the
 * session, so that a question is one message to the server and one back, not three.
 */
export const openQuestions = (address: DatabaseAddress): pg.Pool =>
  openPool({
    statementTimeoutMs: TIMEOUT_MS,
    ...address,
    settings: {
      default_transaction_read_only: 'on',
      TimeZone: 'UTC',
      // These questions are short: compiling one costs more than it saves.
      jit: 'off',
    },
  });

/** Answers questions over the read tables, each in one SQL. */
export class ReadDatabase {
  /**
   * @param pool see {@link openQuestions}
   * @param mostWaiting questions that may wait for a connection at the same moment
   */
  constructor(
    private readonly pool: pg.Pool,
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  /**
   * @param sql one SELECT of one JSON value; it names tables without a schema
   * @param values of the placeholders `$1`, `$2`…
   * @returns the value of the first row, null when there is none
   * @throws GraphQLError TIMEOUT after 4 s, DEPENDENCY_UNAVAILABLE while the database is away, and at once when too
   * many wait: a pool without a free connection lets any number wait, each with its request
   */
  async one<T>(sql: string, values: readonly unknown[], { asOf, tables }: Standing): Promise<T | null> {
    const text = readSql(sql, values.length, { asOf, tables });
    const all = asOf === undefined ? [...values] : [...values, asOf];
    const { rows } = await this.asked((pool) => pool.query<[T]>({ text, values: all, rowMode: 'array' }));
    return rows[0]?.[0] ?? null;
  }

  /**
   * A question that is not about read tables.
   * @throws GraphQLError as {@link one} does
   */
  async asked<T>(question: (pool: pg.Pool) => Promise<T>): Promise<T> {
    if (this.pool.waitingCount >= this.mostWaiting) throw tooManyAsk();
    try {
      return await question(this.pool);
    } catch (error) {
      throw readFailure(error);
    }
  }
}

/** The SQL over the read tables of the standpoint; the instant, if any, comes after the other values. */
export const readSql = (sql: string, valueCount: number, { asOf, tables }: Standing): string =>
  overTables(sql, {
    schema: READ_SCHEMA,
    tables,
    ...(asOf !== undefined && { asOf: `$${valueCount + 1}` }),
  });

/** What a client is told of an error of the read database; an error that is none of its is handed back. */
export function readFailure(error: unknown): unknown {
  if (!isTransient(error)) return error;
  if (error instanceof Error && 'code' in error && error.code === CANCELLED) {
    return edgeError(
      'TIMEOUT',
      {
        vi: 'Câu hỏi mất quá nhiều thời gian nên đã dừng. Thu hẹp bộ lọc hoặc giảm «first», rồi hỏi lại.',
        en: 'The question took too long and was stopped. Narrow the filter or lower "first", then ask again.',
      },
      { retryable: true },
    );
  }
  return unavailable({
    vi: 'Cơ sở dữ liệu đọc tạm thời không trả lời. Thử lại sau vài giây.',
    en: 'The read database does not answer for the moment. Try again in a few seconds.',
  });
}

const tooManyAsk = () =>
  unavailable({
    vi: 'Đang có quá nhiều câu hỏi cùng lúc. Thử lại sau giây lát.',
    en: 'Too many questions are asked at once. Try again in a moment.',
  });

const unavailable = (messages: Localized) =>
  edgeError('DEPENDENCY_UNAVAILABLE', messages, { retryable: true });
