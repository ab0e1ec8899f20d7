import type { Chance } from './chance.js';

// Instants are milliseconds here. Vietnam keeps UTC+7 all year round, so local time needs no zone table.
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
const offset = 7 * hour;

/** The instant of a local time such as `2022-09-14T23:59`. */
export const at = (local: string): number => Date.parse(`${local}:00+07:00`);

export const rfc3339 = (instant: number): string => new Date(instant).toISOString();

/** The month of an instant as people write it, e.g. 9/2022. */
export function localMonth(instant: number): string {
  const local = new Date(instant + offset);
  return `${local.getUTCMonth() + 1}/${local.getUTCFullYear()}`;
}

const startOfDay = (instant: number): number => Math.floor((instant + offset) / day) * day - offset;

// Public holidays of 2022 after the plan was issued, with the days given for those that fell on a weekend.
const holidays = ['2022-04-11', '2022-05-02', '2022-05-03', '2022-09-01', '2022-09-02', '2023-01-02'];
const daysOff = new Set(holidays.map((date) => at(`${date}T00:00`)));

export function isWorkingDay(instant: number): boolean {
  const weekday = new Date(instant + offset).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !daysOff.has(startOfDay(instant));
}

const officeMinutes = (chance: Chance): number =>
  chance.happens(0.55) ? chance.whole(7 * 60 + 30, 11 * 60 + 20) : chance.whole(13 * 60 + 30, 16 * 60 + 50);

/** Some minute in office hours after the instant. */
export function officeTimeAfter(instant: number, chance: Chance): number {
  const minutes = officeMinutes(chance);
  for (let today = startOfDay(instant); ; today += day) {
    const candidate = today + minutes * minute;
    if (candidate > instant && isWorkingDay(today)) return candidate;
  }
}

/**
 * The instant from which an activity that ended then is handed in late: months of reporting run from the 15th to the
 * 14th, and reports are due by the end of the 17th.
 */
export function lateFrom(ended: number): number {
  const local = new Date(ended + offset);
  const month = local.getUTCMonth() + (local.getUTCDate() <= 14 ? 0 : 1);
  return Date.UTC(local.getUTCFullYear(), month, 18) - offset;
}
