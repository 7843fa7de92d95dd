/** The kinds of the mails that tell of an email, and bring its links. */
export const REGISTRATION_MAIL = 'registration';
export const ACCOUNT_EXISTS_MAIL = 'account-exists';
export const NEW_EMAIL_MAIL = 'new-email';
export const EMAIL_IN_USE_MAIL = 'email-in-use';
export const EMAIL_CHANGED_MAIL = 'email-changed';
