/**
 * An array as PostgreSQL writes it, of what needs no quotes there: ids, numbers, hexadecimal digits. What pg would make of
 * a list costs ten times as much.
 */
export const plainArray = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;
