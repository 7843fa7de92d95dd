const DAY_MS = 86_400_000;

/** The day of a moment in UTC, such as 2026-11-27. */
export const nameDay = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 10);

/** The day that is so many days after another one. */
export const addDays = (day: string, days: number): string =>
  nameDay(Date.parse(day) + days * DAY_MS);
