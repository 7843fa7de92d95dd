import { randomInt } from 'node:crypto';
import { throughWriter, type Database } from '@latchkey/db';
import { QueryTypes } from 'sequelize';

const HELD_MS = 15_000;
const RENEWED_EVERY_MS = 5000;

/**
 * Attempts whose outcome is not known yet, of all processes on the database. Each holds a place, a
 * row of `rate_limits` that nobody else can take. Its process renews the row until the attempt ends,
 * so a process that is killed holds its places for 15 seconds and no longer.
 */
export function createOpenAttempts({ RateLimit, sequelize }: Database) {
  /** Stands for this process where rows have their points. */
  const holder = randomInt(1, 2 ** 31);
  const held = new Set<string>();
  let renewal: NodeJS.Timeout | undefined;

  async function renew(): Promise<void> {
    const where = { key: [...held], points: holder };
    // A renewal that fails is made up for by the next one.
    await RateLimit.update({ expire: Date.now() + HELD_MS }, { where }).catch(() => undefined);
  }

  function renewWhileHeld(): void {
    if (held.size > 0) {
      renewal ??= setInterval(() => void renew(), RENEWED_EVERY_MS).unref();
    } else {
      clearInterval(renewal);
      renewal = undefined;
    }
  }

  return {
    /** Takes a place that nobody holds. False where somebody does. */
    async take(place: string): Promise<boolean> {
      const now = Date.now();
      const rows = await sequelize.query(
        // Sequelize asks SQLite for no rows where a statement begins with INSERT.
        `/* returns rows */ INSERT INTO rate_limits (key, points, expire) VALUES ($1, $2, $3)
           ON CONFLICT (key) DO UPDATE SET points = excluded.points, expire = excluded.expire
             WHERE rate_limits.expire <= $4
           RETURNING key`,
        {
          bind: [place, holder, now + HELD_MS, now],
          type: QueryTypes.SELECT,
          ...throughWriter,
        },
      );
      if (rows.length === 0) return false;
      held.add(place);
      renewWhileHeld();
      return true;
    },

    /** Lets others have the places. What was to be counted must be counted by now. */
    async leave(places: string[]): Promise<void> {
      for (const place of places) held.delete(place);
      renewWhileHeld();
      // The outcome of the attempt stands, and a row that stays is free when its time is over.
      await RateLimit.destroy({ where: { key: places, points: holder } }).catch(() => undefined);
    },
  };
}

export type OpenAttempts = ReturnType<typeof createOpenAttempts>;
