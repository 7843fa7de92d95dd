import { InvalidArgumentError } from 'commander';

const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;
const DAY_MS = 86_400_000;

function readMoment(text: string): Date | null {
  const [date = ''] = text.split('T');
  const start = new Date(`${date}T00:00:00Z`);
  // JavaScript takes the 31st of February for a day in March.
  const isDay = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(date);
  if (!isDay) return null;
  if (day.test(text)) return new Date(start.getTime() + DAY_MS);
  const read = moment.test(text) ? new Date(text) : null;
  return read && !Number.isNaN(read.getTime()) ? read : null;
}

/** Reads `--until`: a day, which is over at midnight UTC, or a moment such as 2026-12-31T18:00Z. */
export function readUntil(text: string): Date {
  const end = readMoment(text);
  if (!end) {
    throw new InvalidArgumentError(
      'write a day such as 2026-12-31, which counts to its end in UTC, or a moment such as 2026-12-31T18:00Z',
    );
  }
  if (end.getTime() > Date.now()) return end;
  throw new InvalidArgumentError(`${text} is over already`);
}
