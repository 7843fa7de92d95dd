import type { Database, Mail, User } from '@latchkey/db';
import { formatWait } from '@latchkey/shared';
import type { MailContent } from '../mail/mail-content.ts';
import { writeMail } from '../mail/write-mail.ts';
import type { ResetMailLimits } from '../limits/reset-mail-limits.ts';
import type { Settings } from '../settings/settings.ts';
import { findUser } from '../users/find-user.ts';
import { createPasswordReset } from './password-reset.ts';
import { RESET_LIFETIME_SECONDS, writeMailedLink } from './reset-link.ts';

type Parts = { database: Database; settings: Settings; resetMailLimits: ResetMailLimits };

/**
 * Makes the link of a password reset at the moment its mail is sent: it works for its whole time however
 * long the mail waited, and no copy of the queue holds it. Null where there is no account, or no mail
 * for it any more.
 */
export async function composeResetMail(parts: Parts, mail: Mail): Promise<MailContent | null> {
  const user = await findPerson(parts.database, mail);
  if (!user || !(await parts.resetMailLimits.beginMail(user.id)).isAllowed) return null;
  const token = await makeCode(parts.database, user.id, mail);
  if (token === null) return null;
  const link = writeMailedLink(parts.settings, token);
  const letter = writeMail(describeReset(link), parts.settings.publicOrigin);
  return { ...letter, recipient: user.email, hasCode: true };
}

function findPerson(database: Database, { userId, details }: Mail): Promise<User | null> {
  if (userId !== null) return database.User.findByPk(userId);
  return findUser(database, details['identifier'] ?? '');
}

/** What was typed is forgotten with it. Null where the account is disabled. */
function makeCode(database: Database, id: string, mail: Mail): Promise<string | null> {
  return database.sequelize.transaction(async (transaction) => {
    const lock = transaction.LOCK.UPDATE;
    const user = await database.User.findOne({
      where: { id, disabledAt: null },
      transaction,
      lock,
    });
    if (!user) return null;
    await mail.update({ userId: id, recipient: user.email, details: {} }, { transaction });
    const reset = await createPasswordReset(database, id, RESET_LIFETIME_SECONDS, transaction);
    return reset.token;
  });
}

const describeReset = (address: string) => ({
  subject: 'Set a new password',
  opening: [
    'Somebody, probably you, has asked for a link to set a new password for your account.',
    `The link works once, for ${formatWait(RESET_LIFETIME_SECONDS)}. It signs you out on all devices.`,
  ],
  link: { label: 'Set a new password', address },
  closing: ['If it was not you, do nothing: your password stays as it is.'],
});
