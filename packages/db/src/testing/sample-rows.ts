import { randomBytes, randomUUID } from 'node:crypto';
import type { CreationAttributes } from 'sequelize';
import type { Activity } from '../models/activity.ts';
import type { Authenticator } from '../models/authenticator.ts';
import type { DailyFigures } from '../models/daily-figures.ts';
import type { EmailLink } from '../models/email-link.ts';
import type { FeedAddress } from '../models/feed-address.ts';
import type { Invitation } from '../models/invitation.ts';
import type { Mail } from '../models/mail.ts';
import type { OidcAttempt } from '../models/oidc-attempt.ts';
import type { OidcIdentity } from '../models/oidc-identity.ts';
import type { PasskeyChallenge } from '../models/passkey-challenge.ts';
import type { Passkey } from '../models/passkey.ts';
import type { PasswordReset } from '../models/password-reset.ts';
import type { PendingLogin } from '../models/pending-login.ts';
import type { RecoveryCode } from '../models/recovery-code.ts';
import type { RememberedBrowser } from '../models/remembered-browser.ts';
import type { DeviceKey } from '../models/device-key.ts';
import type { SecureLink } from '../models/secure-link.ts';
import type { SecurityEventSource } from '../models/security-event-source.ts';
import type { SecurityEvent } from '../models/security-event.ts';
import type { SecurityLogEnd } from '../models/security-log-end.ts';
import type { Session } from '../models/session.ts';
import type { User } from '../models/user.ts';

/** Attributes of a valid user with an address of its own. The hash is of no password. */
export function sampleUser(overrides: Partial<CreationAttributes<User>> = {}) {
  const attributes: CreationAttributes<User> = {
    name: 'Ada Lovelace',
    email: `ada-${randomBytes(6).toString('hex')}@example.com`,
    passwordHash: '$scrypt$ln=17,r=8,p=1$c2FsdA$aGFzaA',
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid session of that user, ending an hour from now. */
export function sampleSession(
  userId: string,
  overrides: Partial<CreationAttributes<Session>> = {},
) {
  const now = new Date();
  const inOneHour = new Date(now.getTime() + 3_600_000);
  const attributes: CreationAttributes<Session> = {
    userId,
    tokenHash: randomBytes(32).toString('hex'),
    staySignedIn: false,
    authenticatedAt: now,
    lastSeenAt: now,
    idleExpiresAt: inOneHour,
    expiresAt: inOneHour,
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid line of that user's security log. */
export function sampleActivity(
  userId: string,
  overrides: Partial<CreationAttributes<Activity>> = {},
) {
  const attributes: CreationAttributes<Activity> = { userId, event: 'logged-in', address: '::1' };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid feed address of that user, never used. */
export function sampleFeedAddress(
  userId: string,
  overrides: Partial<CreationAttributes<FeedAddress>> = {},
) {
  const attributes: CreationAttributes<FeedAddress> = {
    userId,
    tokenHash: randomBytes(32).toString('hex'),
    madeAt: new Date(),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid link with which that user may set a password, ending an hour from now. */
export function samplePasswordReset(
  userId: string,
  overrides: Partial<CreationAttributes<PasswordReset>> = {},
) {
  const attributes: CreationAttributes<PasswordReset> = {
    userId,
    tokenHash: randomBytes(32).toString('hex'),
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid row of the security log, which goes on after nothing. */
export function sampleSecurityEvent(overrides: Partial<CreationAttributes<SecurityEvent>> = {}) {
  const attributes: CreationAttributes<SecurityEvent> = {
    id: 1,
    createdAt: new Date(),
    event: 'authn_login_success',
    isPersonal: true,
    sourceHash: randomBytes(32).toString('hex'),
    hash: randomBytes(32).toString('hex'),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid source of that row of the log. */
export function sampleSecurityEventSource(
  eventId: number,
  overrides: Partial<CreationAttributes<SecurityEventSource>> = {},
) {
  const salt = randomBytes(16).toString('hex');
  const attributes: CreationAttributes<SecurityEventSource> = { eventId, address: '::1', salt };
  return { ...attributes, ...overrides };
}

/** Attributes of the ends of a log that has nothing. */
export function sampleSecurityLogEnd(): CreationAttributes<SecurityLogEnd> {
  const hash = '0'.repeat(64);
  return { id: 1, lastId: 0, lastHash: hash, purgedId: 0, purgedHash: hash };
}

/** Attributes of a valid mail that is due. */
export function sampleMail(overrides: Partial<CreationAttributes<Mail>> = {}) {
  const attributes: CreationAttributes<Mail> = {
    kind: 'password-reset',
    recipient: 'ada@example.com',
    nextAttemptAt: new Date(),
    giveUpAt: new Date(Date.now() + 86_400_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid authenticator of that user, confirmed and never used. */
export function sampleAuthenticator(
  userId: string,
  overrides: Partial<CreationAttributes<Authenticator>> = {},
) {
  const attributes: CreationAttributes<Authenticator> = {
    userId,
    secret: 'of no app',
    startedIn: randomUUID(),
    confirmedAt: new Date(),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid account at a provider that is linked to that user, never used. */
export function sampleOidcIdentity(
  userId: string,
  overrides: Partial<CreationAttributes<OidcIdentity>> = {},
) {
  const attributes: CreationAttributes<OidcIdentity> = {
    userId,
    issuer: 'https://id.example.com',
    subject: randomUUID(),
    roles: ['editor'],
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid visit of that user to the provider, for an hour. */
export function sampleOidcAttempt(
  userId: string | null,
  overrides: Partial<CreationAttributes<OidcAttempt>> = {},
) {
  const attributes: CreationAttributes<OidcAttempt> = {
    stateHash: randomBytes(32).toString('hex'),
    browserHash: randomBytes(32).toString('hex'),
    purpose: 'link',
    userId,
    nextPath: '/secrets',
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid passkey of that user, never used. */
export function samplePasskey(
  userId: string,
  overrides: Partial<CreationAttributes<Passkey>> = {},
) {
  const attributes: CreationAttributes<Passkey> = {
    id: randomBytes(16).toString('base64url'),
    userId,
    publicKey: 'of no device',
    counter: 4_294_967_295,
    transports: ['internal'],
    name: 'Phone',
    backedUp: false,
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid challenge with which that user may add a passkey, for an hour. */
export function samplePasskeyChallenge(
  userId: string | null,
  overrides: Partial<CreationAttributes<PasskeyChallenge>> = {},
) {
  const attributes: CreationAttributes<PasskeyChallenge> = {
    challengeHash: randomBytes(32).toString('hex'),
    browserHash: randomBytes(32).toString('hex'),
    purpose: 'registration',
    userId,
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid recovery code of that user. */
export function sampleRecoveryCode(
  userId: string,
  overrides: Partial<CreationAttributes<RecoveryCode>> = {},
) {
  const attributes: CreationAttributes<RecoveryCode> = {
    userId,
    codeHash: randomBytes(32).toString('hex'),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid log-in of that user that waits for a second factor, for an hour. */
export function samplePendingLogin(
  userId: string,
  overrides: Partial<CreationAttributes<PendingLogin>> = {},
) {
  const attributes: CreationAttributes<PendingLogin> = {
    userId,
    tokenHash: randomBytes(32).toString('hex'),
    proofHash: randomBytes(32).toString('hex'),
    staySignedIn: false,
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid browser of that user that is remembered for an hour. */
export function sampleRememberedBrowser(
  userId: string,
  overrides: Partial<CreationAttributes<RememberedBrowser>> = {},
) {
  const attributes: CreationAttributes<RememberedBrowser> = {
    userId,
    tokenHash: randomBytes(32).toString('hex'),
    sessionId: randomUUID(),
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid registration that waits for its mail to be sent. */
export function sampleEmailLink(overrides: Partial<CreationAttributes<EmailLink>> = {}) {
  const attributes = {
    purpose: 'registration' as const,
    email: 'ada@example.com',
    person: { name: 'Ada "Lovelace" \\', email: 'ada@example.com', username: null },
    passwordHash: '$scrypt$ln=17,r=8,p=1$c2FsdA$aGFzaA',
    staySignedIn: false,
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid invitation for one person, ending an hour from now. */
export function sampleInvitation(overrides: Partial<CreationAttributes<Invitation>> = {}) {
  const attributes = {
    codeHash: randomBytes(32).toString('hex'),
    maxUses: 1,
    usesLeft: 1,
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid link with which that user may secure the account, ending an hour from now. */
export function sampleSecureLink(
  userId: string,
  overrides: Partial<CreationAttributes<SecureLink>> = {},
) {
  const attributes: CreationAttributes<SecureLink> = {
    mailId: randomUUID(),
    userId,
    email: 'ada@example.com',
    tokenHash: randomBytes(32).toString('hex'),
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { ...attributes, ...overrides };
}

/** Attributes of a valid key of that user's browsers. */
export function sampleDeviceKey(
  userId: string,
  overrides: Partial<CreationAttributes<DeviceKey>> = {},
) {
  const secret = randomBytes(32).toString('base64url');
  const attributes: CreationAttributes<DeviceKey> = { userId, secret };
  return { ...attributes, ...overrides };
}

/** Attributes of the figures of a day on which one person logged in. */
export function sampleDailyFigures(overrides: Partial<CreationAttributes<DailyFigures>> = {}) {
  const attributes: CreationAttributes<DailyFigures> = { day: '2026-11-27', logins: 1 };
  return { ...attributes, ...overrides };
}
