/** How many activities stand where. */
export interface ActivityCounts {
  readonly drafted: number;
  readonly submitted: number;
  readonly returned: number;
  readonly verified: number;
}

/** The counts of several things, added up. */
export function totalsOf(counts: readonly ActivityCounts[]): ActivityCounts {
  const sum = (of: keyof ActivityCounts) => counts.reduce((total, one) => total + one[of], 0);
  return {
    drafted: sum('drafted'),
    submitted: sum('submitted'),
    returned: sum('returned'),
    verified: sum('verified'),
  };
}
