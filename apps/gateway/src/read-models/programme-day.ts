import { PROGRAMME_ZONE } from './sql-text.js';

// sv-SE writes dates as YYYY-MM-DD.
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: PROGRAMME_ZONE });

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: PROGRAMME_ZONE,
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/**
 * The calendar day of an instant where the programme runs: 17:00 UTC is the next day already.
 * @returns YYYY-MM-DD
 */
export const programmeDay = (instant: string | Date): string => day.format(new Date(instant));

/** An instant as people there write it: dd/MM/yyyy HH:mm. */
export const programmeTime = (instant: string): string => clock.format(new Date(instant)).replace(', ', ' ');
