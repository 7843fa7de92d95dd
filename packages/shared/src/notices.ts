/**
 * What people are told by mail about their account: the closed set. Nobody can choose these mails away.
 * `subject` is that of a mail about this alone; `line` is how a mail tells of it.
 */
export const notices = {
  'new-sign-in': { subject: 'New log-in to your account', line: 'Logged in on a new device' },
  'log-in-paused': {
    subject: 'Failed log-ins to your account',
    line: 'Five wrong passwords or codes; the next log-in has to wait',
  },
  'password-changed': { subject: 'Your password was changed', line: 'Password changed' },
  'password-reset': {
    subject: 'Your password was changed',
    line: 'Password set with a reset link',
  },
  'authenticator-added': {
    subject: 'Authenticator app added to your account',
    line: 'Authenticator app added',
  },
  'authenticator-removed': {
    subject: 'Authenticator app removed from your account',
    line: 'Authenticator app removed',
  },
  'recovery-codes-renewed': {
    subject: 'New recovery codes for your account',
    line: 'Recovery codes renewed; the former ones no longer work',
  },
  'recovery-code-used': {
    subject: 'A recovery code was used',
    line: 'Recovery code used',
  },
  'passkey-added': { subject: 'Passkey added to your account', line: 'Passkey added' },
  'oidc-linked': {
    subject: 'Another account can log in to yours',
    line: 'Account of another service linked; it can log in from now on',
  },
  'oidc-unlinked': {
    subject: 'A linked account was removed from yours',
    line: 'Account of another service unlinked',
  },
  'passkey-removed': { subject: 'Passkey removed from your account', line: 'Passkey removed' },
} as const;

export type NoticeKind = keyof typeof notices;

export function isNoticeKind(text: string): text is NoticeKind {
  return Object.hasOwn(notices, text);
}
