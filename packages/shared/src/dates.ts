/** The one way in which the site writes dates. The names of months do not depend on the reader. */
const LANGUAGE = 'en-GB';

/** A day such as `2026-11-21`, or a moment, as "21 November 2026" in UTC. */
export function formatDay(date: string | Date): string {
  return writeDay(new Date(date), 'UTC');
}

/** A moment (ISO 8601, or a date) as "21 November 2026, 10:43 UTC". */
export function formatTime(date: string | Date): string {
  return `${writeTime(new Date(date), 'UTC')} UTC`;
}

/** A moment as the clock of this machine shows it: "21 November 2026, 11:43". */
export function formatLocalTime(date: string | Date): string {
  return writeTime(new Date(date), undefined);
}

function writeDay(date: Date, timeZone: string | undefined): string {
  return date.toLocaleDateString(LANGUAGE, { dateStyle: 'long', timeZone });
}

function writeTime(date: Date, timeZone: string | undefined): string {
  const time = date.toLocaleTimeString(LANGUAGE, { timeStyle: 'short', timeZone });
  return `${writeDay(date, timeZone)}, ${time}`;
}
