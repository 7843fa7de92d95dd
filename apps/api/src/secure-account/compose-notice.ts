import type { Database, Mail } from '@latchkey/db';
import { notices } from '@latchkey/shared';
import { Op, type Transaction } from 'sequelize';
import type { MailContent } from '../mail/mail-content.ts';
import { writeMail, type Letter } from '../mail/write-mail.ts';
import {
  describeNotice,
  NOTICE_MAIL,
  readEvents,
  writeEvents,
  type NoticeEvent,
} from '../notices/notice-event.ts';
import type { Settings } from '../settings/settings.ts';
import { createSecureLink, SECURE_LINK_DAYS } from './secure-link.ts';

/** Somebody who logs in again and again must not make a mail of any length. */
const MOST_LISTED = 20;
const MOST_GATHERED = 100;

type Parts = { database: Database; settings: Pick<Settings, 'publicOrigin'> };

/**
 * Writes one mail of all notices that wait for a person, with a link that is made now. Null where the
 * account is disabled or there is nothing to tell.
 */
export function composeNotice(
  { database, settings: { publicOrigin } }: Parts,
  mail: Mail,
): Promise<MailContent | null> {
  const { userId, recipient } = mail;
  if (userId === null || recipient === null) return Promise.resolve(null);
  return database.sequelize.transaction(async (transaction) => {
    const where = { id: userId, disabledAt: null };
    const lock = transaction.LOCK.UPDATE;
    const user = await database.User.findOne({ where, transaction, lock });
    const events = await gatherEvents(database, mail, transaction);
    if (!user || events.length === 0) return null;
    if (user.email !== recipient) {
      const letter = writeMail(describe(events, tellFormer(publicOrigin)), publicOrigin);
      return { ...letter, recipient, hasCode: false };
    }
    const link = { mail, userId, email: recipient };
    const token = await createSecureLink(database, link, transaction);
    const way = tellOwner(`${publicOrigin}/secure-account#${token}`);
    return { ...writeMail(describe(events, way), publicOrigin), recipient, hasCode: true };
  });
}

/** What a mail tells of, and what other notices that wait for its address do, which are taken out of the queue. */
async function gatherEvents(
  { Mail }: Database,
  mail: Mail,
  transaction: Transaction,
): Promise<NoticeEvent[]> {
  const { id, userId, recipient } = mail;
  const isIdle = { nextAttemptAt: { [Op.ne]: null }, claimedBy: null };
  const others = await Mail.findAll({
    where: { ...isIdle, kind: NOTICE_MAIL, userId, recipient, id: { [Op.ne]: id } },
    order: [['createdAt', 'ASC']],
    limit: MOST_GATHERED,
    transaction,
  });
  const gathered: NoticeEvent[] = [];
  for (const other of others) {
    // Another process may have claimed it since: then that one tells of it.
    const where = { id: other.id, attempts: other.attempts, claimedBy: null };
    if ((await Mail.destroy({ where, transaction })) > 0) {
      gathered.push(...readEvents(other.details));
    }
  }
  const details = writeEvents([...readEvents(mail.details), ...gathered]);
  if (gathered.length > 0) await mail.update({ details }, { transaction });
  return readEvents(details);
}

type NextStep = { question: string; link: Letter['link']; closing: string[] };

const tellOwner = (address: string): NextStep => ({
  question: 'If it was you, you need not do anything. If it was not, stop it with this button:',
  link: { label: "This wasn't me", address },
  closing: [
    'It signs you out on all devices and ends your old password. Then you get a link to set a new one.',
    `The button works once, for ${SECURE_LINK_DAYS} days, as long as the account has this email.`,
  ],
});

/** The account has left this address meanwhile: no link of it works here but the undo of that. */
const tellFormer = (publicOrigin: string): NextStep => ({
  question:
    'The account has another email since then. If that was not you, use the button of the mail that told you of it.',
  link: { label: 'Log in', address: `${publicOrigin}/login` },
  closing: ['If it was you, you need not do anything.'],
});

function describe(events: NoticeEvent[], { question, link, closing }: NextStep): Letter {
  const [kind, ...others] = new Set(events.map((event) => event.kind));
  const more = events.length - MOST_LISTED;
  return {
    subject:
      kind && others.length === 0
        ? notices[kind].subject
        : 'News about the security of your account',
    opening: [
      'This happened in your account:',
      ...events.slice(0, MOST_LISTED).map(describeNotice),
      ...(more > 0 ? [`And ${more} more. The dashboard lists all of it.`] : []),
      question,
    ],
    link,
    closing,
  };
}
