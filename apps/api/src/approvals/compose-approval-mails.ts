import type { Database, Mail } from '@latchkey/db';
import { Op } from 'sequelize';
import type { MailContent } from '../mail/mail-content.ts';
import type { ComposeMail } from '../mail/mail-worker.ts';
import { writeMail, type Letter } from '../mail/write-mail.ts';
import type { Settings } from '../settings/settings.ts';
import { APPROVED_MAIL, REFUSED_MAIL, WAITING_MAIL } from './approval-mails.ts';

type Parts = { database: Database; settings: Settings };

function address(
  { settings: { publicOrigin } }: Parts,
  recipient: string,
  letter: Letter,
): MailContent {
  return { ...writeMail(letter, publicOrigin), recipient, hasCode: false };
}

/** Tells an operator how many wait now; nothing where nobody does any more. */
async function composeWaiting(parts: Parts, mail: Mail): Promise<MailContent | null> {
  const { User } = parts.database;
  const operator = await User.findByPk(mail.userId ?? undefined);
  const waiting = await User.count({ where: { waitingSince: { [Op.ne]: null } } });
  if (!operator || operator.disabledAt || waiting === 0) return null;
  await mail.update({ recipient: operator.email });
  const who = waiting === 1 ? 'One registration waits' : `${waiting} registrations wait`;
  return address(parts, operator.email, {
    subject: `${who} for approval`,
    opening: [`${who} for approval on your site.`],
    link: {
      label: 'See who waits',
      address: `${parts.settings.publicOrigin}/operator?show=waiting`,
    },
    closing: ['To decide: npm run admin -- user approve USER, or user refuse USER'],
  });
}

async function composeApproved(parts: Parts, { userId }: Mail): Promise<MailContent | null> {
  const user = await parts.database.User.findByPk(userId ?? undefined);
  if (!user) return null;
  return address(parts, user.email, {
    subject: 'Your registration is approved',
    opening: ['The people who run this site have approved your registration. You can log in now.'],
    link: { label: 'Log in', address: `${parts.settings.publicOrigin}/login` },
    closing: ['If you have not registered, do nothing.'],
  });
}

function composeRefused(parts: Parts, { recipient }: Mail): Promise<MailContent | null> {
  if (recipient === null) return Promise.resolve(null);
  const letter = address(parts, recipient, {
    subject: 'Your registration was not approved',
    opening: [
      'The people who run this site have not approved your registration. What you entered is deleted.',
    ],
    link: { label: 'The site', address: parts.settings.publicOrigin },
    closing: ['If you have not registered, do nothing.'],
  });
  return Promise.resolve(letter);
}

/** Every mail about an approval, and what writes it. */
export const listApprovalComposers = (parts: Parts): Record<string, ComposeMail> => ({
  [WAITING_MAIL]: (mail) => composeWaiting(parts, mail),
  [APPROVED_MAIL]: (mail) => composeApproved(parts, mail),
  [REFUSED_MAIL]: (mail) => composeRefused(parts, mail),
});
