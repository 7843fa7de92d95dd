import type { Database } from '@latchkey/db';
import { Op } from 'sequelize';
import { makeCounts, type DailyCounts } from './daily-counts.ts';
import { addDays, nameDay } from './days.ts';

/** The figures of a day in UTC, such as 2026-11-27. */
type DayFigures = DailyCounts & { day: string };

/** What was counted in some days, of all processes together. */
export type FoundFigures = {
  /** The first day that was asked for, and today. */
  from: string;
  to: string;
  /** The first day that was counted. */
  since: string;
  /** Each day from the later of `from` and `since` on, the oldest first; those without anything too. */
  days: DayFigures[];
};

/** @param length how many days, today among them */
export async function findFigures(
  { DailyFigures }: Database,
  length: number,
): Promise<FoundFigures> {
  const to = nameDay(Date.now());
  const from = addDays(to, 1 - length);
  const first = await DailyFigures.findOne({ order: ['day'] });
  const rows = await DailyFigures.findAll({ where: { day: { [Op.between]: [from, to] } } });
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const since = first?.day ?? to;
  const days: DayFigures[] = [];
  for (let day = since > from ? since : from; day <= to; day = addDays(day, 1)) {
    const row = byDay.get(day);
    days.push({ day, ...makeCounts((name) => row?.[name] ?? 0) });
  }
  return { from, to, since, days };
}
