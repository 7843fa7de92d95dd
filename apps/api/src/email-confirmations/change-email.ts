import { isUniqueViolation, type Database, type EmailLink, type User } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { createEmailLink, endEmailChange, takeEmailLink } from '../email-links/email-link.ts';
import { EMAIL_CHANGED_MAIL, NEW_EMAIL_MAIL } from '../email-links/link-mails.ts';
import { forgetBrowsers } from '../second-factors/remembered-browser.ts';
import { revokeFeedAddress } from '../feed/feed-address.ts';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { endPasswordReset } from '../password-resets/password-reset.ts';

type Changed = { outcome: 'changed'; userId: string };
type Restored = { outcome: 'restored'; userId: string; isFeedRevoked: boolean };
/** The link is over, or somebody else has the address by now. */
type NoChange = { outcome: 'link-expired' };

/**
 * Asks for another email, in the place of a change that waits. Whether somebody has it is looked up when
 * its mail is sent: until then, and after it, the person sees the same.
 */
export async function requestEmailChange(
  database: Database,
  userId: string,
  email: string,
): Promise<void> {
  await database.sequelize.transaction(async (transaction) => {
    await endEmailChange(database, userId, transaction);
    const change = { purpose: 'new-email' as const, userId, email };
    const { id } = await createEmailLink(database, change, transaction);
    const mail = { kind: NEW_EMAIL_MAIL, userId, details: { link: id } };
    await enqueueMail(database, mail, transaction);
  });
}

/** Gives the account the email of a link, and tells the former address how to undo it. */
export function confirmEmailChange(
  database: Database,
  link: EmailLink,
): Promise<Changed | NoChange> {
  return moveEmail(database, link, async (user, transaction) => {
    const { id: userId, email: former } = user;
    const undo = { purpose: 'undo-email' as const, userId, email: former };
    const { id } = await createEmailLink(database, undo, transaction);
    const details = { link: id };
    const mail = { kind: EMAIL_CHANGED_MAIL, userId, recipient: former, details };
    await enqueueMail(database, mail, transaction);
    return { outcome: 'changed', userId };
  });
}

/**
 * Puts the former email of an account back and ends all of its sessions and its feed's address. What was
 * changed after it cannot be undone to any more: whoever took the account over has those links. Older
 * ones stay.
 */
export function undoEmailChange(database: Database, link: EmailLink): Promise<Restored | NoChange> {
  const { EmailLink, Session } = database;
  return moveEmail(database, link, async ({ id: userId }, transaction) => {
    const later = { userId, createdAt: { [Op.gte]: link.createdAt } };
    await EmailLink.destroy({ where: later, transaction });
    await Session.destroy({ where: { userId }, transaction });
    await forgetBrowsers(database, { userId }, transaction);
    const isFeedRevoked = await revokeFeedAddress(database, userId, transaction);
    return { outcome: 'restored', userId, isFeedRevoked };
  });
}

/** Uses the link up, and does the rest in the same transaction. A link to set the password ends. */
async function moveEmail<Change>(
  database: Database,
  link: EmailLink,
  finish: (user: User, transaction: Transaction) => Promise<Change>,
): Promise<Change | NoChange> {
  const { sequelize, User } = database;
  try {
    return await sequelize.transaction(async (transaction): Promise<Change | NoChange> => {
      // The person's row before any other, as whoever changes a password does: none waits for the other.
      const lock = transaction.LOCK.UPDATE;
      const user = await User.findByPk(link.userId ?? undefined, { transaction, lock });
      if (!user || user.disabledAt || !(await takeEmailLink(database, link, transaction))) {
        return { outcome: 'link-expired' };
      }
      const change = await finish(user, transaction);
      await user.update({ email: link.email }, { transaction });
      await endPasswordReset(database, user.id, transaction);
      return change;
    });
  } catch (error) {
    if (isUniqueViolation(error, 'uq_users_email')) return { outcome: 'link-expired' };
    throw error;
  }
}
