import type pg from 'pg';

const beginWith = (settings: Readonly<Record<string, string>>): string =>
  ['BEGIN', ...Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = ${value}`)].join('; ');

/** Begins a transaction of {@link prepared} statements about few rows: to plan them anew takes longer than they do. */
export const BEGIN = beginWith({
  plan_cache_mode: 'force_generic_plan',
  // Planned once a session, when a read table may be so small that looking at all of it is cheapest; then it grows.
  // Few rows are found by their keys, whatever the size.
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
});

/** Begins a transaction of the same statements about many rows: planned for as many as they are. */
export const BEGIN_MANY = beginWith({ plan_cache_mode: 'force_custom_plan' });

const names = new Map<string, string>();

/** A statement that comes with every batch: parsed once a session. */
export function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `projections.${names.size + 1}`));
  return { name, text, values: [...values] };
}
