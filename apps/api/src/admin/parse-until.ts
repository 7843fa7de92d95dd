import { InvalidArgumentError } from 'commander';

const untilRule =
  'must be a day such as 2026-12-31, or a time such as 2026-12-31T18:00Z, in the future';
const DAY_MS = 24 * 3_600_000;

const day = /^\d{4}-\d\d-\d\d/;
const time = /^T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** When something ends: a day counts to its end in UTC. */
export function parseUntil(text: string): Date {
  const [date = ''] = day.exec(text) ?? [];
  const rest = text.slice(date.length);
  const begin = new Date(date);
  // JavaScript takes 31 February for a day in March.
  const isDay = !isNaN(begin.getTime()) && begin.toISOString().startsWith(date);
  const end = rest === '' ? new Date(begin.getTime() + DAY_MS) : new Date(text);
  const isWritten = isDay && (rest === '' || time.test(rest));
  if (isWritten && end.getTime() > Date.now()) return end;
  throw new InvalidArgumentError(untilRule);
}
