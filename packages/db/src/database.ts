import type { Sequelize } from 'sequelize';
import { connectPostgres, type DatabaseLimits } from './connect-postgres.ts';
import { connectSqlite } from './connect-sqlite.ts';
import type { Connection } from './connection.ts';
import { parseDatabaseUrl, type DatabaseLocation, type Dialect } from './database-url.ts';
import { readEngine, type Engine } from './engine.ts';
import { defineActivity, type Activity } from './models/activity.ts';
import { defineArticleRead, type ArticleRead } from './models/article-read.ts';
import { defineAuthenticator, type Authenticator } from './models/authenticator.ts';
import { defineDailyFigures, type DailyFigures } from './models/daily-figures.ts';
import { defineDeviceKey, type DeviceKey } from './models/device-key.ts';
import { defineFeedAddress, type FeedAddress } from './models/feed-address.ts';
import { defineEmailLink, type EmailLink } from './models/email-link.ts';
import { defineInvitation, type Invitation } from './models/invitation.ts';
import { defineMail, type Mail } from './models/mail.ts';
import { defineOidcAttempt, type OidcAttempt } from './models/oidc-attempt.ts';
import { defineOidcIdentity, type OidcIdentity } from './models/oidc-identity.ts';
import { definePasskeyChallenge, type PasskeyChallenge } from './models/passkey-challenge.ts';
import { definePasskey, type Passkey } from './models/passkey.ts';
import { definePasswordReset, type PasswordReset } from './models/password-reset.ts';
import { definePendingLogin, type PendingLogin } from './models/pending-login.ts';
import { defineRateLimit, type RateLimit } from './models/rate-limit.ts';
import { defineRecoveryCode, type RecoveryCode } from './models/recovery-code.ts';
import { defineRememberedBrowser, type RememberedBrowser } from './models/remembered-browser.ts';
import { defineSecureLink, type SecureLink } from './models/secure-link.ts';
import { defineSecurityEvent, type SecurityEvent } from './models/security-event.ts';
import {
  defineSecurityEventSource,
  type SecurityEventSource,
} from './models/security-event-source.ts';
import { defineSecurityLogEnd, type SecurityLogEnd } from './models/security-log-end.ts';
import { defineSession, type Session } from './models/session.ts';
import { defineUser, type User } from './models/user.ts';
import { describeTrouble } from './trouble.ts';

/** An open database and its models. Several can be open in one process. */
export interface Database {
  sequelize: Sequelize;
  dialect: Dialect;
  engine: Engine;
  User: typeof User;
  Session: typeof Session;
  Activity: typeof Activity;
  Passkey: typeof Passkey;
  PasskeyChallenge: typeof PasskeyChallenge;
  OidcIdentity: typeof OidcIdentity;
  OidcAttempt: typeof OidcAttempt;
  PasswordReset: typeof PasswordReset;
  Mail: typeof Mail;
  EmailLink: typeof EmailLink;
  Invitation: typeof Invitation;
  SecureLink: typeof SecureLink;
  DeviceKey: typeof DeviceKey;
  RateLimit: typeof RateLimit;
  DailyFigures: typeof DailyFigures;
  ArticleRead: typeof ArticleRead;
  FeedAddress: typeof FeedAddress;
  Authenticator: typeof Authenticator;
  PendingLogin: typeof PendingLogin;
  RecoveryCode: typeof RecoveryCode;
  RememberedBrowser: typeof RememberedBrowser;
  SecurityEvent: typeof SecurityEvent;
  SecurityEventSource: typeof SecurityEventSource;
  SecurityLogEnd: typeof SecurityLogEnd;
  /** Whether SQLite found damage, or failed to read or write, since its file was last looked through. */
  damage: { isSeen: boolean };
  /** Closes every connection; nothing may be asked of it afterwards. */
  close: () => Promise<void>;
}

/**
 * Opens `sqlite:PATH` (the folder is made with mode 700, the file with 600) or `postgres://…` and
 * makes sure that it answers. Throws an Error saying what to do, which never holds a password.
 */
export async function openDatabase(url: string, limits: DatabaseLimits = {}): Promise<Database> {
  const location = parseDatabaseUrl(url);
  let connection: Connection | undefined;
  try {
    connection =
      location.dialect === 'sqlite'
        ? await connectSqlite(location.filePath)
        : await connectPostgres(location.url, limits);
    const engine = await readEngine(connection.sequelize, location.dialect);
    return bindModels(connection, location.dialect, engine);
  } catch (cause) {
    await connection?.close().catch(() => undefined);
    throw cannotOpen(location, cause);
  }
}

function bindModels(
  { sequelize, damage, close }: Connection,
  dialect: Dialect,
  engine: Engine,
): Database {
  const user = defineUser(sequelize);
  const securityEvent = defineSecurityEvent(sequelize);
  return {
    sequelize,
    dialect,
    engine,
    User: user,
    Session: defineSession(sequelize, user),
    Activity: defineActivity(sequelize, user),
    Passkey: definePasskey(sequelize, user),
    PasskeyChallenge: definePasskeyChallenge(sequelize, user),
    OidcIdentity: defineOidcIdentity(sequelize, user),
    OidcAttempt: defineOidcAttempt(sequelize, user),
    PasswordReset: definePasswordReset(sequelize, user),
    Mail: defineMail(sequelize, user),
    EmailLink: defineEmailLink(sequelize, user),
    Invitation: defineInvitation(sequelize, user),
    SecureLink: defineSecureLink(sequelize, user),
    DeviceKey: defineDeviceKey(sequelize, user),
    RateLimit: defineRateLimit(sequelize),
    DailyFigures: defineDailyFigures(sequelize),
    ArticleRead: defineArticleRead(sequelize, user),
    FeedAddress: defineFeedAddress(sequelize, user),
    Authenticator: defineAuthenticator(sequelize, user),
    PendingLogin: definePendingLogin(sequelize, user),
    RecoveryCode: defineRecoveryCode(sequelize, user),
    RememberedBrowser: defineRememberedBrowser(sequelize, user),
    SecurityEvent: securityEvent,
    SecurityEventSource: defineSecurityEventSource(sequelize, securityEvent, user),
    SecurityLogEnd: defineSecurityLogEnd(sequelize),
    damage,
    close,
  };
}

function cannotOpen(location: DatabaseLocation, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = describeTrouble(cause) ?? generalAdvice[location.dialect];
  return new Error(`The database ${location.label} could not be opened: ${reason}. ${advice}`, {
    cause,
  });
}

const generalAdvice: Record<Dialect, string> = {
  postgres:
    'Check that the server runs and can be reached, and that the user, password and database name in DATABASE_URL are right.',
  sqlite: 'Check that the folder exists or can be created, and that this user can write there.',
};
