import { openDatabase } from '@latchkey/db';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMetrics, type Metrics } from '../process/metrics.ts';
import { figureNames } from './daily-counts.ts';
import { openFigures } from './figures.ts';
import { findFigures } from './find-figures.ts';
import { purgeOldFigures } from './purge-figures.ts';

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const none = { registrations: 0, logins: 0, failedLogins: 0, reads: 0, walls: 0 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T23:59:00Z') });
});

afterEach(() => {
  vi.useRealTimers();
  log.error.mockClear();
});

function countOneOfEach({ events, reads }: Metrics): void {
  for (const event of ['user_created', 'authn_login_success', 'authn_login_fail', 'authz_fail'])
    events.inc({ event, outcome: 'x' });
  for (const outcome of ['counted', 'again', 'unlimited', 'spent']) reads.inc({ outcome });
}

const oneOfEach = { registrations: 1, logins: 1, failedLogins: 1, reads: 3, walls: 1 };

describe.each(dialects)('the figures of a day on %s', (dialect) => {
  test('are what the metrics counted, each once, and the day’s', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const metrics = createMetrics();
    const figures = openFigures({ database, log, metrics });
    await figures.flush();
    const read = async () => (await findFigures(database, 30)).days;
    expect(await read()).toEqual([{ day: '2026-11-27', ...none }]);
    countOneOfEach(metrics);
    await figures.flush();
    await figures.flush();
    expect(await read()).toEqual([{ day: '2026-11-27', ...oneOfEach }]);
    vi.setSystemTime(new Date('2026-11-30T00:00:01Z'));
    countOneOfEach(metrics);
    await figures.close();
    expect(await findFigures(database, 30)).toEqual({
      from: '2026-11-01',
      to: '2026-11-30',
      since: '2026-11-27',
      days: [
        { day: '2026-11-27', ...oneOfEach },
        { day: '2026-11-28', ...none },
        { day: '2026-11-29', ...none },
        { day: '2026-11-30', ...oneOfEach },
      ],
    });
    expect((await findFigures(database, 2)).days.map(({ day }) => day)).toEqual([
      '2026-11-29',
      '2026-11-30',
    ]);
    expect(log.error).not.toHaveBeenCalled();
  });

  test('of several processes add up, whoever writes at the same time', async () => {
    await using place = await createTestDatabase(dialect);
    const processes = await Promise.all(
      [1, 2, 3].map(async () => {
        const database = await openDatabase(place.url);
        const metrics = createMetrics();
        return { database, metrics, figures: openFigures({ database, log, metrics }) };
      }),
    );
    for (let round = 0; round < 10; round += 1) {
      for (const { metrics } of processes) countOneOfEach(metrics);
      await Promise.all(processes.map(({ figures }) => figures.flush()));
    }
    for (const { database, figures } of processes) {
      await figures.close();
      await database.close();
    }
    const { days } = await findFigures(place.database, 30);
    expect(days.map((day) => figureNames.map((name) => day[name]))).toEqual([[30, 30, 30, 90, 30]]);
    expect(log.error).not.toHaveBeenCalled();
  });

  test('wait for a database that is away, with their day, and that is logged once', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const metrics = createMetrics();
    const figures = openFigures({ database, log, metrics });
    await database.sequelize.query('ALTER TABLE daily_figures RENAME TO away');
    countOneOfEach(metrics);
    await figures.flush();
    vi.setSystemTime(new Date('2026-11-28T00:00:01Z'));
    countOneOfEach(metrics);
    await figures.flush();
    expect(log.error).toHaveBeenCalledOnce();
    await database.sequelize.query('ALTER TABLE away RENAME TO daily_figures');
    await figures.close();
    expect((await findFigures(database, 30)).days).toEqual([
      { day: '2026-11-27', ...oneOfEach },
      { day: '2026-11-28', ...oneOfEach },
    ]);
  });

  test('are kept for 400 days', async () => {
    await using place = await createTestDatabase(dialect);
    const { DailyFigures } = place.database;
    // 400 and 401 days before.
    await DailyFigures.bulkCreate([{ day: '2025-10-23' }, { day: '2025-10-22' }]);
    expect(await purgeOldFigures(place.database)).toBe(1);
    expect((await DailyFigures.findAll()).map(({ day }) => day)).toEqual(['2025-10-23']);
  });
});
