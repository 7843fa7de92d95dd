import type { Database, Mail, User } from '@latchkey/db';
import { formatWait } from '@latchkey/shared';
import { findEmailLink, giveCode, linkLifetimes } from '../email-links/email-link.ts';
import { ACCOUNT_EXISTS_MAIL } from '../email-links/link-mails.ts';
import type { MailContent } from '../mail/mail-content.ts';
import { writeMail, type Letter } from '../mail/write-mail.ts';
import type { Settings } from '../settings/settings.ts';
import { findUserByEmail } from '../users/find-user.ts';

export type LetterParts = { database: Database; settings: Settings };

/** Addresses a letter: the last step of every mail here. */
export function address(
  { settings: { publicOrigin } }: LetterParts,
  recipient: string,
  letter: Letter,
): MailContent {
  const hasCode = letter.link.address.includes('#');
  return { ...writeMail(letter, publicOrigin), recipient, hasCode };
}

/**
 * Makes the link of a registration at the moment its mail is sent. Where there is an account by now, its
 * owner is told so instead, and what was typed is forgotten.
 */
export async function composeRegistrationMail(
  parts: LetterParts,
  mail: Mail,
): Promise<MailContent | null> {
  const { database, settings } = parts;
  const link = await findEmailLink(database, mail.details['link']);
  if (!link) return null;
  const { email } = link;
  const owner = await findUserByEmail(database, email);
  if (owner) {
    await database.sequelize.transaction(async (transaction) => {
      const told = { kind: ACCOUNT_EXISTS_MAIL, userId: owner.id, recipient: owner.email };
      await mail.update({ ...told, details: {} }, { transaction });
      await link.destroy({ transaction });
    });
    return composeAccountExistsMail(parts, owner);
  }
  await mail.update({ recipient: email });
  const code = await giveCode(link);
  return address(parts, email, describe(`${settings.publicOrigin}/confirm-email#${code}`));
}

/** The same mail again, where the first attempt failed: the registration is gone by then. */
export async function composeAccountExistsMailAgain(
  parts: LetterParts,
  { userId }: Mail,
): Promise<MailContent | null> {
  const owner = await parts.database.User.findByPk(userId ?? undefined);
  return owner && composeAccountExistsMail(parts, owner);
}

const composeAccountExistsMail = (parts: LetterParts, { email }: User): MailContent =>
  address(parts, email, {
    subject: 'You already have an account',
    opening: [
      'Somebody, probably you, has tried to register with this email. It has an account already, so nothing was changed.',
      'Log in as before. If you have forgotten your password, set a new one.',
    ],
    link: {
      label: 'Set a new password',
      address: `${parts.settings.publicOrigin}/forgot-password`,
    },
    closing: ['If it was not you, do nothing.'],
  });

const describe = (link: string): Letter => ({
  subject: 'Confirm your email',
  opening: [
    'Somebody, probably you, has registered with this email. Confirm it to finish.',
    `The link works once, for ${formatWait(linkLifetimes.registration)}.`,
  ],
  link: { label: 'Confirm this email', address: link },
  closing: ['If it was not you, do nothing: no account is made.'],
});
