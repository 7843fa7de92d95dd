import {
  readInOrder,
  type Activity,
  type Database,
  type EmailLink,
  type Mail,
  type OidcIdentity,
  type SecurityEvent,
  type Session,
} from '@latchkey/db';
import type { AccountExport } from '@latchkey/shared';
import { describeEvent, findActivities } from '../activity/list-activities.ts';
import { toPublicSession, toPublicUser } from '../users/public-user.ts';
import { cleanAddress } from '../addresses/client-address.ts';
import { describeFeed } from '../feed/feed-address.ts';
import { describeFactors } from '../second-factors/list-factors.ts';
import { listIdentities, toLinkedAccount } from '../identities/oidc-identity.ts';
import { listEmailLinks } from '../email-links/email-link.ts';
import { showEmail } from '../users/show-email.ts';
import { findSessionsOf } from '../sessions/list-sessions.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';

function exportSession(session: Session, current: Session): AccountExport['sessions'][number] {
  return {
    ...toPublicSession(session),
    address: cleanAddress(session.address),
    userAgent: session.userAgent ?? null,
    authenticatedAt: session.authenticatedAt.toISOString(),
    secondFactorAt: session.secondFactorAt?.toISOString() ?? null,
    isCurrent: session.id === current.id,
  };
}

function exportActivity(activity: Activity): AccountExport['activities'][number] {
  return {
    id: activity.id,
    ...describeEvent(activity),
    address: cleanAddress(activity.address),
    userAgent: activity.userAgent ?? null,
    at: activity.createdAt.toISOString(),
  };
}

async function exportFactors(
  database: Database,
  userId: string,
): Promise<AccountExport['factors']> {
  const authenticator = await database.Authenticator.findByPk(userId);
  const browsers = await database.RememberedBrowser.findAll({ where: { userId } });
  return {
    ...(await describeFactors(database, userId)),
    authenticatorSince: authenticator?.confirmedAt?.toISOString() ?? null,
    rememberedBrowsers: browsers.map(({ createdAt, expiresAt }) => ({
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    })),
  };
}

function exportLink(link: EmailLink): AccountExport['emailLinks'][number] {
  return {
    purpose: link.purpose === 'undo-email' ? 'undo-email' : 'new-email',
    email: showEmail(link.email),
    createdAt: link.createdAt.toISOString(),
    expiresAt: link.expiresAt.toISOString(),
  };
}

function exportMail(mail: Mail): AccountExport['mails'][number] {
  return {
    kind: mail.kind,
    to: mail.recipient === null ? null : showEmail(mail.recipient),
    createdAt: mail.createdAt.toISOString(),
    sentAt: mail.sentAt?.toISOString() ?? null,
    failedAt: mail.failedAt?.toISOString() ?? null,
  };
}

function exportSecurityEvent(row: SecurityEvent): AccountExport['securityEvents'][number] {
  const { event, outcome, times, source, createdAt } = row;
  const address = cleanAddress(source?.address ?? null);
  return { event, outcome, times, address, at: createdAt.toISOString() };
}

/** A page at a time, so that other requests have their turn between two. */
async function listAll<Row, Item>(
  rows: AsyncIterable<Row>,
  describe: (row: Row) => Item,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const row of rows) items.push(describe(row));
  return items;
}

function exportIdentity(identity: OidcIdentity): AccountExport['linkedAccounts'][number] {
  const { createdAt, lastUsedAt } = toLinkedAccount(identity);
  const { issuer, subject, roles } = identity;
  return { issuer, subject, roles, createdAt, lastUsedAt };
}

/** Everything that is kept about a person. Each field is named, so that no secret can slip in. */
export async function exportAccount(
  database: Database,
  { user, session: current }: LiveSession,
): Promise<AccountExport> {
  const sessions = await findSessionsOf(database, user.id);
  const activities = await findActivities(database, user.id);
  const { madeAt, lastUsedAt } = await describeFeed(database, user);
  const links = await listEmailLinks(database, user.id);
  const where = { userId: user.id };
  const mails = readInOrder(database.Mail, { where, by: ['createdAt', 'DESC'] });
  const include = { association: 'source', where, required: true };
  const events = readInOrder(database.SecurityEvent, { include, by: ['id', 'DESC'] });
  const identities = await listIdentities(database, user.id);
  const reads = await database.ArticleRead.findAll({ where });
  return {
    exportedAt: new Date().toISOString(),
    user: {
      ...toPublicUser(user),
      roleEnds: user.roleEnds,
      updatedAt: user.updatedAt.toISOString(),
    },
    sessions: sessions.map((session) => exportSession(session, current)),
    activities: activities.map(exportActivity),
    factors: await exportFactors(database, user.id),
    linkedAccounts: identities.map(exportIdentity),
    feed: { madeAt, lastUsedAt },
    emailLinks: links.map(exportLink),
    mails: await listAll(mails, exportMail),
    securityEvents: await listAll(events, exportSecurityEvent),
    articlesRead: reads.map(({ slug, readAt }) => ({ slug, readAt: readAt.toISOString() })),
  };
}
