import type { Database } from '@latchkey/db';
import { QueryTypes } from 'sequelize';
import type { Metrics } from '../process/metrics.ts';

/** What is counted each day, and its column in the database. */
const columns = {
  registrations: 'registrations',
  logins: 'logins',
  failedLogins: 'failed_logins',
  reads: 'reads',
  walls: 'walls',
};
export type FigureName = keyof typeof columns;
export const figureNames = Object.keys(columns) as FigureName[]; // The type of its keys is lost.

export type DailyCounts = Record<FigureName, number>;

export const makeCounts = (count: (name: FigureName) => number): DailyCounts => ({
  registrations: count('registrations'),
  logins: count('logins'),
  failedLogins: count('failedLogins'),
  reads: count('reads'),
  walls: count('walls'),
});

type Counter = Metrics['events' | 'reads'];

/** What this process has counted in its metrics since it started. */
export async function readCounters({
  events,
  reads,
}: Pick<Metrics, 'events' | 'reads'>): Promise<DailyCounts> {
  const [byEvent, byOutcome] = await Promise.all([addUp(events, 'event'), addUp(reads, 'outcome')]);
  const counts = {
    registrations: byEvent('user_created'),
    logins: byEvent('authn_login_success'),
    failedLogins: byEvent('authn_login_fail'),
    reads: byOutcome('counted', 'again', 'unlimited'),
    walls: byOutcome('spent'),
  };
  return counts;
}

async function addUp(counter: Counter, label: string) {
  const sums = new Map<unknown, number>();
  for (const { labels, value } of (await counter.get()).values) {
    const word = (labels as Record<string, unknown>)[label];
    sums.set(word, (sums.get(word) ?? 0) + value);
  }
  return (...words: string[]) => words.reduce((sum, word) => sum + (sums.get(word) ?? 0), 0);
}

const names = Object.values(columns);
const addition = `INSERT INTO daily_figures (day, ${names.join(', ')})
  VALUES ($1, ${names.map((_, index) => `$${index + 2}`).join(', ')})
  ON CONFLICT (day) DO UPDATE
  SET ${names.map((name) => `${name} = daily_figures.${name} + excluded.${name}`).join(', ')}`;

/** Adds to a day's figures what one process counted, in one statement: several processes add up. */
export async function addToDay(
  { sequelize }: Database,
  day: string,
  counts: DailyCounts,
): Promise<void> {
  const bind = [day, ...figureNames.map((name) => counts[name])];
  await sequelize.query(addition, { type: QueryTypes.INSERT, bind });
}
