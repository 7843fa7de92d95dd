import type { Database } from '@latchkey/db';
import { createSiteAccess, ownAccess } from '@latchkey/shared';
import type { FastifyBaseLogger } from 'fastify';
import { createCheckup } from './doctor/checkup.ts';
import { openFigures } from './figures/figures.ts';
import {
  createLargeBodyLimits,
  createOidcLimits,
  createPasskeyLimits,
  createPasswordResetLimits,
  createRegistrationLimits,
  createUsernameLimits,
} from './limits/address-limits.ts';
import { createProvider } from './identities/provider.ts';
import { createEmailLinkLimits } from './limits/email-link-limits.ts';
import { createLoginLimits } from './limits/login-limits.ts';
import { createResetMailLimits } from './limits/reset-mail-limits.ts';
import { createWriteLimits } from './limits/write-limits.ts';
import { createKeptMails } from './mail/kept-mails.ts';
import { readBuiltSite } from './pages/built-site.ts';
import { completePages } from './pages/complete-pages.ts';
import { joinSites } from './pages/join-sites.ts';
import { openDevSite } from './pages/dev-site.ts';
import { readOwnersSite } from './pages/owners-site.ts';
import { createBreachCheck } from './passwords/breached-passwords.ts';
import { createPasswordHasher } from './passwords/password-hasher.ts';
import type { ServerDeps } from './procedures/server-deps.ts';
import { createMetrics } from './process/metrics.ts';
import { openFactorKeys } from './second-factors/factor-keys.ts';
import { noSecurityLog, openSecurityLog } from './security-log/security-log.ts';
import type { Settings } from './settings/settings.ts';

/**
 * The real parts of a server, on an open and migrated database. The caller closes `passwords`,
 * `securityLog` and `figures`.
 */
export function createServerDeps(
  settings: Settings,
  database: Database,
  log: FastifyBaseLogger,
): ServerDeps {
  const access = settings.accessRules ? createSiteAccess(settings.accessRules) : ownAccess;
  const built = settings.devSite
    ? openDevSite(settings.devSite)
    : readBuiltSite(settings.siteFolder);
  const site =
    settings.siteDir === undefined
      ? built
      : joinSites(readOwnersSite(settings.siteDir, access), built);
  const metrics = createMetrics();
  const parts = { database, log, metrics };
  const passwords = createPasswordHasher(settings.password);
  return {
    ...parts,
    settings,
    securityLog: settings.securityLogDays > 0 ? openSecurityLog(parts) : noSecurityLog,
    figures: openFigures(parts),
    passwords,
    checkUp: createCheckup({ settings, database, passwords }),
    factorKeys: openFactorKeys(settings.dataDir),
    isBreached: createBreachCheck(settings, log),
    loginLimits: createLoginLimits(database),
    registrationLimits: createRegistrationLimits(database),
    usernameLimits: createUsernameLimits(database),
    oidcLimits: createOidcLimits(database),
    passkeyLimits: createPasskeyLimits(database),
    passwordResetLimits: createPasswordResetLimits(database),
    emailLinkLimits: createEmailLinkLimits(database),
    resetMailLimits: createResetMailLimits(database),
    writeLimits: createWriteLimits(database),
    largeBodyLimits: createLargeBodyLimits(database),
    oidcProvider: settings.oidc ? createProvider(settings.oidc, log) : null,
    keptMails: createKeptMails(),
    site: completePages(site, settings),
    access,
    downloadsFolder: settings.downloadsFolder,
    background: new Set(),
  };
}
