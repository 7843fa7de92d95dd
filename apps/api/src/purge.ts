import type { Database } from '@latchkey/db';
import type { FastifyBaseLogger } from 'fastify';
import { purgeOldActivities } from './activity/purge-activities.ts';
import { purgeOldReads } from './articles/reads.ts';
import { purgeExpiredLimits } from './limits/limiter.ts';
import { purgeOldMails } from './mail/purge-mails.ts';
import { purgeExpiredPasswordResets } from './password-resets/password-reset.ts';
import { purgePasskeyChallenges } from './second-factors/passkey-challenge.ts';
import { purgePendingLogins } from './second-factors/pending-login.ts';
import { purgeRememberedBrowsers } from './second-factors/remembered-browser.ts';
import { purgeExpiredSessions } from './sessions/session.ts';

const INTERVAL_MS = 3_600_000;

const purges = [
  purgeExpiredSessions,
  purgeExpiredPasswordResets,
  purgeExpiredLimits,
  purgePasskeyChallenges,
  purgePendingLogins,
  purgeRememberedBrowsers,
  purgeOldReads,
  purgeOldActivities,
  purgeOldMails,
];

/**
 * Deletes the rows whose time is over, at once and every hour, beside the requests.
 *
 * @returns how to stop: it waits for the slice at hand
 */
export function startPurging(database: Database, log: FastifyBaseLogger): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  let running: Promise<void> = Promise.resolve();

  async function purge(): Promise<void> {
    try {
      for (const one of purges) await one(database, { signal });
    } catch (error) {
      log.error({ err: error }, 'Expired rows could not be deleted. The next try is in an hour.');
    }
  }
  const begin = () => {
    running = running.then(purge);
  };

  begin();
  const timer = setInterval(begin, INTERVAL_MS);
  return async () => {
    clearInterval(timer);
    ending.abort();
    await running;
  };
}
