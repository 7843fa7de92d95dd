import type { Database, SliceOptions } from '@latchkey/db';
import { purgeOldActivities } from './activity/purge-activities.ts';
import { purgeOldReads } from './articles/reads.ts';
import { purgeOldFigures } from './figures/purge-figures.ts';
import { purgeExpiredEmailLinks } from './email-links/email-link.ts';
import { purgeOidcAttempts } from './identities/oidc-attempt.ts';
import { purgeOldInvitations } from './invitations/invitation.ts';
import { purgeExpiredLimits } from './limits/limiter.ts';
import { purgeOldMails } from './mail/purge-mails.ts';
import { purgeExpiredPasswordResets } from './password-resets/password-reset.ts';
import { purgePasskeyChallenges } from './second-factors/passkey-challenge.ts';
import { purgePendingLogins } from './second-factors/pending-login.ts';
import { purgeRememberedBrowsers } from './second-factors/remembered-browser.ts';
import { purgeExpiredSecureLinks } from './secure-account/secure-link.ts';
import type { ServerDeps } from './procedures/server-deps.ts';
import { purgeSecurityLog } from './security-log/purge-security-log.ts';
import { purgeExpiredSessions } from './sessions/session.ts';

const INTERVAL_MS = 3_600_000;

type Purge = (database: Database, options: SliceOptions & { days: number }) => Promise<number>;

const purges: Purge[] = [
  purgeExpiredSessions,
  purgeExpiredPasswordResets,
  purgeExpiredEmailLinks,
  purgeExpiredSecureLinks,
  purgeOldInvitations,
  purgeExpiredLimits,
  purgePasskeyChallenges,
  purgePendingLogins,
  purgeOidcAttempts,
  purgeRememberedBrowsers,
  purgeOldReads,
  purgeOldActivities,
  purgeOldMails,
  purgeOldFigures,
  purgeSecurityLog,
];

/**
 * Deletes the rows whose time is over, at once and every hour, beside the requests.
 *
 * @returns how to stop: it waits for the slice at hand
 */
type Parts = Pick<ServerDeps, 'database' | 'log' | 'settings'>;

export function startPurging({ database, log, settings }: Parts): () => Promise<void> {
  const { securityLogDays: days } = settings;
  const ending = new AbortController();
  const { signal } = ending;
  let running: Promise<void> = Promise.resolve();

  async function purge(): Promise<void> {
    try {
      for (const one of purges) await one(database, { signal, days });
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
