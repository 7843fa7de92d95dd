import { randomBytes } from 'node:crypto';
import type { CreationAttributes } from 'sequelize';
import type { Activity } from '../models/activity.ts';
import type { FeedAddress } from '../models/feed-address.ts';
import type { Mail } from '../models/mail.ts';
import type { PasswordReset } from '../models/password-reset.ts';
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
