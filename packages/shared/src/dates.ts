/** The one way in which the site writes dates. The names of months do not depend on the reader. */
const LANGUAGE = 'en-GB';

/** A day such as `2026-11-21`, or a moment, as "21 November 2026" in UTC. */
export function formatDay(date: string | Date): string {
  return new Date(date).toLocaleDateString(LANGUAGE, { dateStyle: 'long', timeZone: 'UTC' });
}

/** The same where there is little room: "21 Nov 2026". */
export function formatShortDay(date: string | Date): string {
  return new Date(date).toLocaleDateString(LANGUAGE, { dateStyle: 'medium', timeZone: 'UTC' });
}

/** A moment (ISO 8601, or a date) as "21 November 2026, 10:43 UTC". */
export function formatTime(date: string | Date): string {
  const time = new Date(date).toLocaleTimeString(LANGUAGE, { timeStyle: 'short', timeZone: 'UTC' });
  return `${formatDay(date)}, ${time} UTC`;
}

/** A number with its thousands apart, such as "12,345". */
export const formatNumber = (number: number): string => number.toLocaleString(LANGUAGE);

/**
 * A moment as the clock of this machine shows it: "21 November 2026, 11:43". It needs nothing around
 * it, because its source also stands in the pages: see inline-scripts.ts.
 */
export function formatLocalTime(date: string | Date): string {
  const moment = new Date(date);
  const day = moment.toLocaleDateString('en-GB', { dateStyle: 'long' });
  return `${day}, ${moment.toLocaleTimeString('en-GB', { timeStyle: 'short' })}`;
}
