import type pg from 'pg';

/** What holds in a transaction of {@link prepared} statements. */
const settings = {
  // Planned once a session, not anew for the values of each batch.
  plan_cache_mode: 'force_generic_plan',
  // That happens when a read table is new and so small that looking at all of it is cheapest, and then the table grows.
  // Rows are found by their keys, whatever the size.
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

/** Begins a transaction of {@link prepared} statements. */
export const BEGIN = [
  'BEGIN',
  ...Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = ${value}`),
].join('; ');

const names = new Map<string, string>();

/** A statement that comes with every batch: parsed and planned once a session, which takes longer than a small batch. */
export function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `projections.${names.size + 1}`));
  return { name, text, values: [...values] };
}
