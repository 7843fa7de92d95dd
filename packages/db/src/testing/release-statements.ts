import { randomUUID } from 'node:crypto';
import type { ModelStatic, Model } from 'sequelize';
import type { Database, Dialect } from '../index.ts';
import {
  sampleActivity,
  sampleAuthenticator,
  sampleEmailLink,
  sampleFeedAddress,
  sampleInvitation,
  sampleMail,
  sampleOidcAttempt,
  sampleOidcIdentity,
  samplePasskey,
  samplePasskeyChallenge,
  samplePasswordReset,
  samplePendingLogin,
  sampleRecoveryCode,
  sampleRememberedBrowser,
  sampleDeviceKey,
  sampleSecureLink,
  sampleSecurityEvent,
  sampleSecurityEventSource,
  sampleSecurityLogEnd,
  sampleSession,
  sampleUser,
} from './sample-rows.ts';

/** SQL as it went to the database, with what was bound to it. */
type Statement = { sql: string; bind?: unknown };
/** What a release asks of each database. */
export type Release = Record<Dialect, Statement[]>;

/** What rate-limiter-flexible sends: it inserts by position. */
const countPoint: Statement = {
  sql: 'INSERT INTO rate_limits VALUES ($1, $2, $3) ON CONFLICT(key) DO UPDATE SET points = $2 RETURNING points, expire',
  bind: ['recorded', 1, 1],
};

/**
 * Writes, reads, changes and deletes a row of every table through its model, with all of its columns, and
 * returns the statements that this took.
 */
export async function recordStatements(database: Database): Promise<Statement[]> {
  const { statements, stop } = listen(database);
  const user = await database.User.create(sampleUser());
  const rows: Model[] = [
    await database.Session.create(sampleSession(user.id)),
    await database.Activity.create(sampleActivity(user.id)),
    await database.PasswordReset.create(samplePasswordReset(user.id)),
    await database.SecureLink.create(sampleSecureLink(user.id)),
    await database.DeviceKey.create(sampleDeviceKey(user.id)),
    await database.Mail.create(sampleMail({ userId: user.id })),
    await database.Authenticator.create(sampleAuthenticator(user.id)),
    await database.Passkey.create(samplePasskey(user.id)),
    await database.PasskeyChallenge.create(samplePasskeyChallenge(user.id)),
    await database.OidcIdentity.create(sampleOidcIdentity(user.id)),
    await database.OidcAttempt.create(sampleOidcAttempt(user.id)),
    await database.RecoveryCode.create(sampleRecoveryCode(user.id)),
    await database.PendingLogin.create(samplePendingLogin(user.id)),
    await database.RememberedBrowser.create(sampleRememberedBrowser(user.id)),
    await database.EmailLink.create(sampleEmailLink({ userId: user.id })),
    await database.Invitation.create(sampleInvitation({ userId: user.id })),
    await database.FeedAddress.create(sampleFeedAddress(user.id)),
    await database.ArticleRead.create({ userId: user.id, slug: randomUUID(), readAt: new Date() }),
    await database.RateLimit.create({ key: randomUUID(), points: 1, expire: 1 }),
    await database.SecurityEvent.create(sampleSecurityEvent()),
    await database.SecurityEventSource.create(sampleSecurityEventSource(1, { userId: user.id })),
    await database.SecurityLogEnd.create(sampleSecurityLogEnd()),
    user,
  ];
  for (const row of rows) {
    const model = row.constructor as ModelStatic<Model>; // The class that made it.
    const where = row.where() as Record<string, string>; // Its primary key.
    await model.findAll();
    const values = row.get() as object; // Typed as anything.
    await model.update(values, { where });
    await model.destroy({ where });
  }
  stop();
  return [...statements, countPoint];
}

/** The options of a statement, or the statement with its own. */
type Written = string | { query: string; bind?: unknown };

function listen({ sequelize }: Database) {
  const statements: Statement[] = [];
  const query = sequelize.query.bind(sequelize) as (...args: unknown[]) => Promise<unknown>;
  const record = (written: Written, options: { bind?: unknown } = {}) => {
    const { query: sql, bind = options.bind } =
      typeof written === 'string' ? { query: written } : written;
    statements.push({ sql, ...(bind !== undefined && { bind }) });
    return query(written, options);
  };
  Object.assign(sequelize, { query: record });
  return { statements, stop: () => Object.assign(sequelize, { query }) };
}
