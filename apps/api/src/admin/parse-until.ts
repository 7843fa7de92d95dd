import { InvalidArgumentError } from 'commander';

const untilRule =
  'must be a day such as 2026-12-31, or a time such as 2026-12-31T18:00Z, in the future';
const DAY_MS = 24 * 3_600_000;

/** When something ends: a day counts to its end in UTC. */
export function parseUntil(text: string): Date {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const begin = new Date(text);
  // JavaScript takes 31 February for a day in March.
  const isReal = !isDay || (!isNaN(begin.getTime()) && begin.toISOString().startsWith(text));
  const end = isDay ? new Date(begin.getTime() + DAY_MS) : begin;
  if ((isDay || isTime) && isReal && end.getTime() > Date.now()) return end;
  throw new InvalidArgumentError(untilRule);
}
