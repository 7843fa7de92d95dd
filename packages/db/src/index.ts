import type { Attributes } from 'sequelize';
import type { Session as SessionModel } from './models/session.ts';
import type { User as UserModel } from './models/user.ts';

export { backUp } from './backup/back-up.ts';
export { isDatabaseEmpty, restore, type Restoration } from './backup/restore.ts';
export type { DatabaseLimits } from './connect-postgres.ts';
export { openDatabase, type Database } from './database.ts';
export { parseDatabaseUrl, type Dialect } from './database-url.ts';
export { describeNewerDatabase, listMigrations, migrate, migrateDown } from './migrate.ts';
export type { Migration, MigrationContext } from './migrations/migration.ts';
export type { Activity } from './models/activity.ts';
export type { ArticleRead } from './models/article-read.ts';
export type { DailyFigures } from './models/daily-figures.ts';
export type { EmailLink } from './models/email-link.ts';
export type { FeedAddress } from './models/feed-address.ts';
export type { Invitation } from './models/invitation.ts';
export type { Mail } from './models/mail.ts';
export type { SecurityEvent } from './models/security-event.ts';
export type { SecurityLogEnd } from './models/security-log-end.ts';
export type { OidcAttempt } from './models/oidc-attempt.ts';
export type { OidcIdentity } from './models/oidc-identity.ts';
export type { PasskeyChallenge } from './models/passkey-challenge.ts';
export type { Passkey } from './models/passkey.ts';
export type { RateLimit } from './models/rate-limit.ts';
export { readInOrder } from './read-in-order.ts';
export { isDatabaseReady, tryToWrite } from './readiness.ts';
export { deleteInSlices, runSlice, type SliceOptions } from './slices.ts';
export { describeTrouble, findTroubleKind } from './trouble.ts';
export { throughWriter } from './renew-connections.ts';
export { isUnavailable } from './unavailable.ts';
export { isUniqueViolation, type UniqueConstraintName } from './unique-violation.ts';

/** The values of a session's row, as a model has them too. */
export type Session = Attributes<SessionModel>;
/** The values of a person's row, as a model has them too. */
export type User = Attributes<UserModel>;
