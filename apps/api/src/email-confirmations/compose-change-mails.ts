import type { Mail, User } from '@latchkey/db';
import { formatWait } from '@latchkey/shared';
import { findEmailLink, giveCode, linkLifetimes, withholdCode } from '../email-links/email-link.ts';
import { EMAIL_IN_USE_MAIL } from '../email-links/link-mails.ts';
import type { MailContent } from '../mail/mail-content.ts';
import type { Letter } from '../mail/write-mail.ts';
import { findUserByEmail } from '../users/find-user.ts';
import { address, type LetterParts } from './compose-registration-mails.ts';

/**
 * Makes the link that confirms a new email at the moment its mail is sent. Where somebody else has the
 * address, they are told so instead; whoever asked for it sees no difference.
 */
export async function composeNewEmailMail(
  parts: LetterParts,
  mail: Mail,
): Promise<MailContent | null> {
  const { database, settings } = parts;
  const link = await findEmailLink(database, mail.details['link']);
  if (!link) return null;
  const owner = await findUserByEmail(database, link.email);
  if (owner && owner.id !== link.userId) {
    await database.sequelize.transaction(async (transaction) => {
      const told = { kind: EMAIL_IN_USE_MAIL, userId: owner.id, recipient: owner.email };
      await mail.update({ ...told, details: {} }, { transaction });
      await withholdCode(link, transaction);
    });
    return composeEmailInUseMail(parts, owner);
  }
  await mail.update({ recipient: link.email });
  const code = await giveCode(link);
  return address(parts, link.email, describeNew(`${settings.publicOrigin}/confirm-email#${code}`));
}

/** The same mail again, where the first attempt failed. */
export async function composeEmailInUseMailAgain(
  parts: LetterParts,
  { userId }: Mail,
): Promise<MailContent | null> {
  const owner = await parts.database.User.findByPk(userId ?? undefined);
  return owner && composeEmailInUseMail(parts, owner);
}

/** Tells the former address of the change, with a link that undoes it. */
export async function composeEmailChangedMail(
  parts: LetterParts,
  { details }: Mail,
): Promise<MailContent | null> {
  const link = await findEmailLink(parts.database, details['link']);
  if (!link) return null;
  const undo = `${parts.settings.publicOrigin}/undo-email#${await giveCode(link)}`;
  return address(parts, link.email, describeChanged(undo));
}

const composeEmailInUseMail = (parts: LetterParts, { email }: User): MailContent =>
  address(parts, email, {
    subject: 'You already have an account',
    opening: [
      'Somebody, probably you, has tried to use this email for another account. It has an account already, so nothing was changed.',
    ],
    link: { label: 'Log in', address: `${parts.settings.publicOrigin}/login` },
    closing: ['If it was not you, do nothing.'],
  });

const describeNew = (link: string): Letter => ({
  subject: 'Confirm your new email',
  opening: [
    'Somebody, probably you, wants to use this email for their account. Confirm it to finish.',
    `The link works once, for ${formatWait(linkLifetimes['new-email'])}. Until then the account keeps its old email.`,
  ],
  link: { label: 'Confirm this email', address: link },
  closing: ['If it was not you, do nothing: nothing is changed.'],
});

const describeChanged = (link: string): Letter => ({
  subject: 'Your email was changed',
  opening: [
    'Your account has a new email. You can no longer log in with this one.',
    'If it was you, do nothing. If it was not, take it back with this button:',
  ],
  link: { label: 'Keep my old email', address: link },
  closing: [
    `It puts this email back and logs you out on all devices. Then set a new password. The button works once, for ${formatWait(linkLifetimes['undo-email'])}.`,
  ],
});
