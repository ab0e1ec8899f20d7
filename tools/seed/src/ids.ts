import { parse, v5 } from 'uuid';

/** Namespace of the demo world, itself the v5 id of its name: the same key is the same id on every machine. */
const namespace = parse(v5('loa:seed:bac-kan-2022', v5.DNS));

/** The id of the thing that the seed calls `key`, e.g. `agency/so-noi-vu`. */
export const idOf = (kind: string, key: string): string => v5(`${kind}/${key}`, namespace);

/** A list of things by their keys. */
export function byKey<K extends string, T extends { readonly key: K }>(
  things: readonly T[],
): Readonly<Record<K, T>> {
  // Object.fromEntries forgets the keys it is given; each of them comes from a thing of this list.
  return Object.fromEntries(things.map((thing) => [thing.key, thing])) as Record<K, T>;
}
