import type { Database } from '@latchkey/db';
import type { Settings } from '../settings/settings.ts';
import type { LiveSession } from './find-live-session.ts';
import { isTouchDue, touchSession } from './session.ts';

export type SlideDeps = {
  database: Database;
  settings: Pick<Settings, 'session'>;
  /** Work that no answer waits for, and the end of the server does. */
  background: Set<Promise<void>>;
};

/** How long an answer waits for the row that its cookie belongs to. */
const PATIENCE_MS = 500;

/** The databases that keep a slide waiting for longer than that. */
const busy = new WeakSet<Database>();

class TooLate extends Error {}

/**
 * Moves a session's idle end on, as `touchSession` does, without keeping its reader waiting: a backup, an
 * import or another process may hold the database for writing. True when it moved: its cookie must then
 * move with it. What would come too late for the cookie is taken back and is tried again at a later
 * request; until then nobody waits.
 */
export async function slideSession(
  { database, settings, background }: SlideDeps,
  { session }: LiveSession,
): Promise<boolean> {
  if (!isTouchDue(session, settings.session) || busy.has(database)) return false;
  const slide: { standing: 'waiting' | 'saving' | 'late' } = { standing: 'waiting' };
  const demandInTime = () => {
    if (slide.standing === 'late') throw new TooLate();
  };
  const moving = database.sequelize.transaction(async (transaction) => {
    demandInTime();
    const hasMoved = await touchSession(database, settings.session, session, transaction);
    demandInTime();
    slide.standing = 'saving';
    return hasMoved;
  });

  const { promise: patience, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => {
    if (slide.standing === 'saving') return;
    slide.standing = 'late';
    busy.add(database);
    const ending = moving.then(noop, noop).finally(() => {
      busy.delete(database);
      background.delete(ending);
    });
    background.add(ending);
    resolve(false);
  }, PATIENCE_MS);
  try {
    return await Promise.race([moving, patience]);
  } finally {
    clearTimeout(timer);
  }
}

const noop = () => undefined;
