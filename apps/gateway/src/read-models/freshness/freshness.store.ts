import type { ReadDatabase } from '../read-database.table.js';
import { freshnessSql, standingTables, type FreshnessRow } from './standing.sql.js';

export interface FreshnessSource {
  /** The name of the projector. */
  readonly reader: string;
  readonly contexts: readonly string[];
  readonly partitions: number;
}

/** How far the rows have come, asked once for each operation: whatever of it is asked afterwards shows as much at least. */
export class FreshnessStore {
  private readonly asked = new WeakMap<object, Promise<readonly FreshnessRow[]>>();

  constructor(
    private readonly database: ReadDatabase,
    private readonly source: FreshnessSource,
  ) {}

  /**
   * @param operation the GraphQL context
   * @throws GraphQLError as {@link ReadDatabase.one} does
   */
  of(operation: object): Promise<readonly FreshnessRow[]> {
    const known = this.asked.get(operation) ?? this.ask();
    this.asked.set(operation, known);
    return known;
  }

  private async ask(): Promise<readonly FreshnessRow[]> {
    const { reader, contexts, partitions } = this.source;
    const values = [reader, contexts, partitions];
    return (await this.database.one<FreshnessRow[]>(freshnessSql, values, { tables: standingTables })) ?? [];
  }
}
