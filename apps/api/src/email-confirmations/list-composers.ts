import type { ComposeMail } from '../mail/mail-worker.ts';
import {
  ACCOUNT_EXISTS_MAIL,
  EMAIL_CHANGED_MAIL,
  EMAIL_IN_USE_MAIL,
  NEW_EMAIL_MAIL,
  REGISTRATION_MAIL,
} from '../email-links/link-mails.ts';
import {
  composeEmailChangedMail,
  composeEmailInUseMailAgain,
  composeNewEmailMail,
} from './compose-change-mails.ts';
import {
  composeAccountExistsMailAgain,
  composeRegistrationMail,
  type LetterParts,
} from './compose-registration-mails.ts';

/** Every mail about an email, and what writes it. */
export const listEmailComposers = (parts: LetterParts): Record<string, ComposeMail> => ({
  [REGISTRATION_MAIL]: (mail) => composeRegistrationMail(parts, mail),
  [ACCOUNT_EXISTS_MAIL]: (mail) => composeAccountExistsMailAgain(parts, mail),
  [NEW_EMAIL_MAIL]: (mail) => composeNewEmailMail(parts, mail),
  [EMAIL_IN_USE_MAIL]: (mail) => composeEmailInUseMailAgain(parts, mail),
  [EMAIL_CHANGED_MAIL]: (mail) => composeEmailChangedMail(parts, mail),
});
