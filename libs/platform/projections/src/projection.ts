import type { DomainEvent, EventContract, EventOf, RecordedEvent } from '@loa/event-sourcing';
import type { Columns, ReadTable, RowOf } from './table.js';

/** What an event does to one row, as a value. `next` gets the row as it is and returns it as it will be; undefined: no row. */
export interface Change {
  readonly table: ReadTable;
  readonly key: Readonly<Record<string, unknown>>;
  readonly next: (
    row: Readonly<Record<string, unknown>> | undefined,
  ) => Readonly<Record<string, unknown>> | undefined;
  /** True when `next` does not look at the row, so that it need not be read. */
  readonly blind: boolean;
}

const keyOf = (table: ReadTable, row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(table.key.map((column) => [column, row[column]]));

/** The row is now this, whatever it was. */
export function put<C extends Columns>(table: ReadTable<C>, row: RowOf<C>): Change {
  const plain = row as Readonly<Record<string, unknown>>;
  return { table, key: keyOf(table, plain), next: () => plain, blind: true };
}

/** The row, which must be there, changes to this. */
export function change<C extends Columns>(
  table: ReadTable<C>,
  key: Partial<RowOf<C>>,
  next: (row: RowOf<C>) => Partial<RowOf<C>>,
): Change {
  return {
    table,
    key: key as Readonly<Record<string, unknown>>,
    next: (row) => {
      if (!row) throw new MissingRow(table.name, key);
      return { ...row, ...next(row as RowOf<C>) };
    },
    blind: false,
  };
}

/** There is no such row any more. */
export function remove<C extends Columns>(table: ReadTable<C>, key: Partial<RowOf<C>>): Change {
  return {
    table,
    key: key as Readonly<Record<string, unknown>>,
    next: () => undefined,
    blind: true,
  };
}

/** An event speaks of a row that its own stream has not made: the read model and its events do not fit. */
export class MissingRow extends Error {
  constructor(table: string, key: unknown) {
    super(`read table ${table} has no row ${JSON.stringify(key)} to change`);
  }
}

type EventHandler = (data: never, event: RecordedEvent) => readonly Change[];

export interface Projection {
  readonly name: string;
  readonly tables: readonly ReadTable[];
  /** Of the events it looks at: they say how stored data is read. */
  readonly contracts: readonly EventContract[];
  /** By wire type. */
  readonly handlers: ReadonlyMap<string, EventHandler>;
}

export type When = readonly [contract: EventContract, handler: EventHandler];

/** `when(ActivityVerified, (data, event) => [change(…)])` */
export function when<C extends EventContract>(
  contract: C,
  handler: (
    data: EventOf<C> extends DomainEvent<string, infer D> ? D : never,
    event: RecordedEvent,
  ) => readonly Change[],
): When {
  return [contract, handler as EventHandler];
}

/** Facts turned into an answer: for each kind of event, which rows it changes. Pure. */
export function projection(
  name: string,
  tables: readonly ReadTable[],
  handlers: readonly When[],
): Projection {
  return {
    name,
    tables,
    contracts: handlers.map(([contract]) => contract),
    handlers: new Map(handlers.map(([{ type }, handler]) => [type, handler])),
  };
}
