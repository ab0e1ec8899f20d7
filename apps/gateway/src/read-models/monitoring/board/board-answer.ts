import { totalsOf, type ActivityCounts } from '../activity-counts.js';
import { toldActivity } from '../../reporting/activity/activity-answer.js';
import { standings, standOf, type Duty, type Standing, type Tally } from './standing.js';

/** What the SQL answers of one agency. */
export interface AgencyFacts {
  readonly issued: boolean;
  readonly duties: readonly { readonly duty: Duty }[];
  readonly tallies: readonly Tally[];
}

export interface BoardFacts extends AgencyFacts {
  readonly returned?: readonly unknown[];
}

type StandingCounts = Readonly<Record<string, number>>;

/** `UNDER_WAY` → `underWay` */
export const standingField = (standing: Standing): string =>
  standing.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const countsOf = (list: readonly { readonly standing: Standing }[]): StandingCounts =>
  Object.fromEntries(
    standings.map((one) => [standingField(one), list.filter(({ standing }) => standing === one).length]),
  );

function stands<F extends AgencyFacts>({ issued, duties, tallies }: F, on: string) {
  return (duties as F['duties'][number][] & F['duties']).map(({ duty, ...more }) => ({
    ...more,
    role: duty.role.toUpperCase(),
    ...standOf(duty, tallies, { on, binding: issued }),
  }));
}

/** The board of an agency on a day. */
export function boardOf({ returned, ...facts }: BoardFacts, on: string): unknown {
  const { issued: _issued, duties: _duties, tallies, ...rest } = facts;
  const assignments = stands(facts, on);
  return {
    ...rest,
    on,
    counts: totalsOf(tallies),
    standings: countsOf(assignments),
    assignments,
    returned: returned?.map(toldActivity),
  };
}

/** How an agency stands on a day, in numbers. */
export function progressOf(
  facts: AgencyFacts,
  on: string,
): { counts: ActivityCounts; standings: StandingCounts } {
  const { issued: _issued, duties: _duties, tallies, ...rest } = facts;
  return { ...rest, counts: totalsOf(tallies), standings: countsOf(stands(facts, on)) };
}
