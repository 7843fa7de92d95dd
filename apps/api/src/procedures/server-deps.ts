import type { Database } from '@latchkey/db';
import type { SiteAccess } from '@latchkey/shared';
import type { Site } from '../pages/site-file.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Checkup } from '../doctor/checkup.ts';
import type { Figures } from '../figures/figures.ts';
import type { Provider } from '../identities/provider.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { EmailLinkLimits } from '../limits/email-link-limits.ts';
import type { LoginLimits } from '../limits/login-limits.ts';
import type { ResetMailLimits } from '../limits/reset-mail-limits.ts';
import type { WriteLimits } from '../limits/write-limits.ts';
import type { KeptMails } from '../mail/kept-mails.ts';
import type { Metrics } from '../process/metrics.ts';
import type { BreachCheck } from '../passwords/breached-passwords.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { FactorKeys } from '../second-factors/factor-keys.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { Settings } from '../settings/settings.ts';

/** What a server is made of; `createServerDeps` puts the real ones together. */
export type ServerDeps = {
  settings: Settings;
  database: Database;
  passwords: PasswordHasher;
  /** What encrypts the secrets of authenticators. */
  factorKeys: FactorKeys;
  isBreached: BreachCheck;
  metrics: Metrics;
  securityLog: SecurityLog;
  /** What is counted each day, in the database. */
  figures: Figures;
  /** Looks at the site as `doctor` does. */
  checkUp: Checkup;
  loginLimits: LoginLimits;
  registrationLimits: AddressLimits;
  usernameLimits: AddressLimits;
  passkeyLimits: AddressLimits;
  oidcLimits: AddressLimits;
  passwordResetLimits: AddressLimits;
  resetMailLimits: ResetMailLimits;
  emailLinkLimits: EmailLinkLimits;
  writeLimits: WriteLimits;
  largeBodyLimits: AddressLimits;
  /** The OpenID provider that people may log in with, or null. */
  oidcProvider: Provider | null;
  /** Where mails go that a development server shows. */
  keptMails: KeptMails;
  site: Site;
  /** Who may come in where. */
  access: SiteAccess;
  /** Where `/download/*` comes from. */
  downloadsFolder: string;
  /** Work that no answer waits for, and the end of the server does. */
  background: Set<Promise<void>>;
  log: FastifyBaseLogger;
};
