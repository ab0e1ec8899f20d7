import { programmeDay } from '../../programme-day.js';

/** The period a figure is reported in. Its borders are the cut-off days of the reporting regime, not those of months. */
export interface ReportingPeriod {
  /** 15/12 of the year before to 14/12. */
  readonly year: number;
  /** e.g. 2022-Q2: 15/3 to 14/6. */
  readonly quarter: string;
}

/** The last day of a month that still counts in it. */
const CUT_OFF_DAY = 14;

/**
 * The period in which an instant is reported: a month runs from the 15th of the month before to its own 14th, in the
 * calendar of the programme. 14/3 23:59 there is the first quarter; 17:00 UTC on 14/3 is the second.
 * @param instant RFC 3339
 */
export function reportingPeriod(instant: string): ReportingPeriod {
  const [year = 0, month = 0, day = 0] = programmeDay(instant).split('-').map(Number);
  const reported = day > CUT_OFF_DAY ? month + 1 : month;
  const inYear = reported > 12 ? year + 1 : year;
  const inMonth = reported > 12 ? 1 : reported;
  return { year: inYear, quarter: `${inYear}-Q${Math.ceil(inMonth / 3)}` };
}

/** An activity is reported in the period in which it ended: at an earlier cut-off it was still under way. */
export const reportingPeriodOf = (held: { readonly to: string }): ReportingPeriod => reportingPeriod(held.to);
