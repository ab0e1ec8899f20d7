/** Whether the operation asks for a field, named by its path below the thing that is being built, e.g. `agency.parent`. */
export type Wants = (path: string) => boolean;

/** The wishes below a field of the thing. */
export const below =
  (wants: Wants, field: string): Wants =>
  (path) =>
    wants(`${field}.${path}`);

/** The values of a statement, in the order of their placeholders. */
export class Parameters {
  private readonly list: unknown[] = [];

  get values(): readonly unknown[] {
    return this.list;
  }

  /** Keeps a value. @returns the placeholder that stands for it, e.g. `$3::uuid[]` */
  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }
}

/** One answer, ready to be asked. */
export interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** `json_build_object('id', a.id, …)`; a field that is false is left out. Keys are ours, never a client's. */
export const jsonObject = (fields: Readonly<Record<string, string | false>>): string =>
  `json_build_object(${Object.entries(fields)
    .flatMap(([name, value]) => (value === false ? [] : [`'${name}', ${value}`]))
    .join(', ')})`;

/** A list of JSON values, empty when there are none. */
export const jsonList = (item: string, order: string): string =>
  `coalesce(json_agg(${item} ORDER BY ${order}), '[]'::json)`;

/** WHERE of all conditions, or nothing. */
export const allOf = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';

/** Vietnamese order of the alphabet: a < ă < â, d < đ, tones last. */
export const VIETNAMESE = 'COLLATE "vi-x-icu"';

/** The zone of the programme's calendar: a day ends at midnight here. */
export const PROGRAMME_ZONE = 'Asia/Ho_Chi_Minh';

/** The first instant of a calendar day of the programme, and of the day after it. */
export const dayBegins = (day: string): string => `(${day}::timestamp AT TIME ZONE '${PROGRAMME_ZONE}')`;
export const dayEnds = (day: string): string => `((${day} + 1)::timestamp AT TIME ZONE '${PROGRAMME_ZONE}')`;
