import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@latchkey/db';
import { addExpiredSessions } from './fill-database.ts';
import type { Crowd } from './start-crowd.ts';

const EXPIRED = 5000;
const POLL_MS = 10;
const LONGEST_MS = 300_000;

/** Waits until no session is left that is over. */
export async function waitForPurge(url: string): Promise<void> {
  const database = await openDatabase(url);
  const isOneLeft = async () => {
    const [rows] = await database.sequelize.query(
      'SELECT 1 FROM sessions WHERE idle_expires_at <= CURRENT_TIMESTAMP LIMIT 1',
    );
    return rows.length > 0;
  };
  const deadline = performance.now() + LONGEST_MS;
  while (await isOneLeft()) {
    if (performance.now() > deadline) throw new Error('The purge did not end.');
    await sleep(POLL_MS);
  }
  await database.close();
}

/** Lets so many sessions be over, at most, of those that were not used for a day. */
export async function expireSessions(url: string, most: number): Promise<void> {
  const database = await openDatabase(url);
  const day = new Date(Date.now() - 86_400_000);
  await database.sequelize.query(
    `UPDATE sessions SET idle_expires_at = last_seen_at WHERE id IN
      (SELECT id FROM sessions WHERE last_seen_at < :day LIMIT ${most})`,
    { replacements: { day } },
  );
  await database.close();
}

/** Milliseconds until a server that is started is ready, and from then until no session is left that is over. */
export async function measurePurge(crowd: Crowd): Promise<{ startMs: number; purgeMs: number }> {
  await addExpiredSessions(crowd.url, crowd.people, EXPIRED);
  await using running = await crowd.start();
  const startedAt = performance.now();
  await waitForPurge(crowd.url);
  return { startMs: running.server.startMs, purgeMs: performance.now() - startedAt };
}
