import type { Moment } from '@loa/event-sourcing';

/** The zone of the programme's calendar: a deadline day ends at midnight here. */
export const PROGRAMME_ZONE = 'Asia/Ho_Chi_Minh';

// sv-SE writes dates as YYYY-MM-DD.
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: PROGRAMME_ZONE });

/** An instant together with its calendar day where the programme runs. */
export const momentOf = (instant: Date): Moment => ({
  now: instant.toISOString(),
  today: day.format(instant),
});
