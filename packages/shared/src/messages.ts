/**
 * The closed set of messages a page can show. An id is also the fragment that shows it
 * (`/login#signed-out`), so a page can tell a visitor what happened without a script.
 */
export const messages = {
  'sign-in-required': 'Please log in to access this page.',
  'role-required': 'Your account does not open this.',
  'invalid-credentials': 'Incorrect email, username or password. Please try again.',
  'unknown-email': 'That email does not exist. Please try again.',
  'wrong-password': 'Incorrect password. Please try again.',
  'email-taken': 'Email already registered. Log in instead.',
  'username-taken': 'That username is taken. Please choose another.',
  'signed-out': 'You have been logged out.',
  'cookies-blocked':
    'Your browser blocks cookies, so you are not logged in. Allow cookies for this site, then log in. If you have just registered, your account is ready.',
  welcome: 'Your account is ready.',
  'too-many-attempts': 'Too many attempts. Please wait and try again.',
  'registration-closed': 'Registration is closed at the moment. Please come back later.',
  'invitation-required': 'To register you need an invitation. Please enter its code.',
  'invitation-not-valid':
    'That invitation does not work: it is not complete, has ended or was used. Please ask for a new one.',
  'invitation-used': 'That invitation has been used already. Please ask for a new one.',
  'invitation-over': 'That invitation has ended. Please ask for a new one.',
  'invitation-for-other-email':
    'That invitation is for another email. Please enter the email that was invited.',
  'waiting-for-approval':
    'Your registration is with the people who run this site. Once they approve it, you can log in here.',
  'email-domain-not-allowed':
    'Emails of that domain cannot be used here. Please enter one of a domain that can.',
  'invalid-input': 'Please fix the marked fields.',
  'invalid-name': 'Please enter a name with at most 80 characters.',
  'invalid-email': 'Please enter an email address such as name@example.com.',
  'invalid-username':
    'A username has 3 to 30 letters, digits, dots, dashes or underscores. It starts with a letter or digit.',
  'invalid-password': 'A password has 12 to 256 characters.',
  'invalid-until':
    'Please enter a day such as 2026-12-31, or a time such as 2026-12-31T18:00Z, in the future.',
  'invalid-role':
    'A role has at most 30 lower-case letters, digits and dashes, and starts with a letter.',
  'common-password': 'That password is too common. Please choose one that is harder to guess.',
  'personal-password':
    'That password is too close to your name, email, username or the name of this site. Please choose one that is harder to guess.',
  'breached-password':
    'That password is in a list of stolen passwords. Please choose one that you use nowhere else.',
  'other-person': 'Someone else is logged in now. Nothing was changed.',
  'nothing-changed': 'Nothing was changed.',
  'profile-saved': 'Your profile has been saved.',
  'email-changed': 'Your email has been changed.',
  'email-in-use': 'Another account has that email. Please choose another.',
  'password-changed': 'Your password has been changed. All other devices have been signed out.',
  'password-required': 'Please enter your current password to continue.',
  'code-required':
    'Your password alone is not enough here. Please enter a code of your app, or a recovery code.',
  'session-ended': 'That device has been signed out.',
  'session-gone': 'That device was already signed out.',
  'other-sessions-ended': 'All other devices have been signed out.',
  'feed-made': 'Your feed has a new address.',
  'feed-revoked': 'Your feed address has been turned off.',
  'feed-copied': 'The address has been copied.',
  'not-saved': 'You were logged out before this was saved. Please check it and save it again.',
  'email-mismatch': 'That is not the email of this account. Nothing was deleted.',
  'password-reset': 'Your password has been set. Please log in.',
  'invalid-reset-link': 'This link has been used or has expired. Please ask for a new one.',
  'factor-required':
    'Your account needs a second step at log-in. Please set up an authenticator app or a passkey.',
  'wrong-code': 'That code is not right, or it was used before. Please enter a new one.',
  'second-step-over':
    'Please log in again. The second step took too long, your password was changed, or your browser blocks cookies.',
  'authenticator-started': 'Almost done. Enter the code that your app shows.',
  'authenticator-added':
    'Your authenticator app is set up. Keep the recovery codes: they are shown only once.',
  'authenticator-removed':
    'Your authenticator app is removed. Without a passkey, your password alone logs you in.',
  'authenticator-exists': 'You have an authenticator app already. Remove it first.',
  'passkey-added': 'Your passkey is added. It is asked for at log-in, or logs you in alone.',
  'passkey-added-with-codes':
    'Your passkey is added. Keep the recovery codes: they are shown only once.',
  'passkey-renamed': 'Your passkey has a new name.',
  'passkey-removed': 'That passkey is removed. You may remove it from your device as well.',
  'passkey-gone': 'That passkey was already removed.',
  'passkey-exists': 'This device has a passkey for your account already.',
  'passkey-not-added': 'The passkey was not added. Please try again.',
  'passkey-cancelled': 'No passkey was used: it was cancelled, or took too long.',
  'passkey-failed': 'Your device could not use the passkey. Please try again.',
  'passkey-not-supported': 'Passkeys do not work in this browser or at this address.',
  'too-many-passkeys': 'An account can have 20 passkeys. Remove one first.',
  'wrong-passkey': 'That passkey does not work here. Please try again, or use your password.',
  'passkey-unverified':
    'This passkey does not check who uses it. Enter your password first, then use it as the second step.',
  'oidc-failed': 'That log-in did not work. Please try again, or log in another way.',
  'oidc-away':
    'The other service does not answer as it should. Please log in another way, or try again later.',
  'oidc-cancelled':
    'You came back without logging in there. Please try again, or log in another way.',
  'oidc-over': 'That took too long, or it was finished in another browser. Please try again.',
  'oidc-email-taken':
    'There is an account with your email here already. Log in to it first. Then link the two under Two-step log-in.',
  'oidc-email-unverified':
    'The other service has not confirmed your email, so no account was made. Please confirm it there, or register here.',
  'oidc-no-account':
    'You have no account here yet, and none can be made this way. Please register, or ask the people who run this site.',
  'oidc-linked': 'The account is linked. It logs you in from now on.',
  'oidc-unlinked': 'The account is unlinked. It no longer logs you in.',
  'oidc-gone': 'That account was already unlinked.',
  'oidc-in-use': 'That account is linked to another account of this site. Nothing was changed.',
  'oidc-exists': 'An account of that service is linked already. Unlink it first.',
  'oidc-confirmed': 'Thank you. For five minutes you will not be asked again.',
  'oidc-other-account': 'That is not the account that is linked here. Nothing was changed.',
  'oidc-not-fresh': 'The other service did not ask who you are. Please try again.',
  'oidc-last-way-in':
    'Without it you could not log in any more. Set a password first: log out, then ask for a new one.',
  'oidc-ready': 'Thank you. Go on to the other service now.',
  'recovery-codes-renewed': 'You have ten new recovery codes. The old ones no longer work.',
  'recovery-codes-copied': 'The recovery codes have been copied.',
  'email-change-sent': 'We have sent a link to your new email. Open it to finish.',
  'email-confirmed': 'Your email is confirmed.',
  'email-restored':
    'Your old email is back, and you are logged out on all devices. If you did not change it yourself, set a new password now.',
  'link-expired': 'This link has been used or has expired.',
  'reset-sent': 'If there is an account, we have sent a link to its email.',
  'account-secured':
    'All devices are signed out, and your old password no longer works. We have sent a link to set a new one to your email.',
  'own-account':
    'This is your own account. Another operator can do that, or somebody at the command line.',
  'person-disabled': 'The account is disabled, and signed out on all devices.',
  'person-enabled': 'The account is enabled. Its person can log in again.',
  'person-approved': 'The registration is approved. Its person can log in now.',
  'person-refused': 'The registration is refused, and deleted with all its data.',
  'not-waiting': 'That registration was decided already. Nothing was changed.',
  'person-signed-out': 'The account is signed out on all devices.',
  'person-deleted': 'The account and all its data are deleted.',
  'person-gone': 'That account is no longer there: it was deleted meanwhile. Nothing was changed.',
  'account-disabled':
    'The account is disabled, so a link would not work. Enable the account first. Nothing was changed.',
  'role-given': 'The role is given. Its person has to log in again.',
  'role-given-unknown':
    'The role is given, but this site opens nothing to it: check how it is written. Its person has to log in again.',
  'role-taken': 'The role is removed. Its person has to log in again.',
  'reset-link-made': 'The link is made, and shown only once. Earlier links no longer work.',
  'factors-removed':
    'The second step is removed, and the account is signed out on all devices. The password alone logs in now.',
  'invalid-reason': 'A reason has 1 to 120 characters.',
  'not-done': 'Thank you. Nothing was done yet: please check it, and press the button again.',
  'invitation-made': 'The invitation is made. Copy its link now: it is shown this once.',
  'invitation-revoked': 'The invitation is revoked. Its link no longer works.',
  'invitation-gone': 'That invitation was revoked already, or it is deleted. Nothing was changed.',
  'invitee-has-account':
    'That email has an account already, so nobody was invited. Find the account under People to give it a role.',
  'invalid-uses': 'Please enter a whole number from 1 to 10000.',
  'one-use-for-email':
    'An invitation for an email makes one account. Leave this at 1, or leave the email out.',
  'mail-retried': 'The mail will be sent within seconds.',
  'mails-retried': 'What waited or had failed will be sent within seconds.',
  'no-mail-retried': 'No such mail waits or has failed. It may have been sent meanwhile.',
  'account-deleted': 'Your account and all your data have been deleted.',
  'broken-reset-link': 'This link is not complete. Please copy the whole link and open it again.',
  overloaded: 'The server is very busy. Please try again in a moment.',
  'cross-site': 'That form was not sent from this site. Please try again here.',
  offline: 'The server cannot be reached. Check your connection and try again.',
  'unexpected-error': 'Something went wrong on our side. Please try again.',
} as const;

export type MessageId = keyof typeof messages;

/** Whether a text, for instance an address's fragment, is the id of a message. */
export function isMessageId(text: string): text is MessageId {
  return Object.hasOwn(messages, text);
}

/** The sentence that says when to try again, to add to a message. */
export function describeRetry(waitSeconds: number): string {
  return `You can try again in ${formatWait(waitSeconds)}.`;
}

/** "45 seconds", "1 minute", "2 hours": a wait in words, rounded up. */
export function formatWait(waitSeconds: number): string {
  const seconds = Math.max(1, Math.ceil(waitSeconds));
  const minutes = Math.ceil(seconds / 60);
  const [amount, unit] =
    seconds < 60
      ? [seconds, 'second']
      : minutes < 60
        ? [minutes, 'minute']
        : [Math.ceil(minutes / 60), 'hour'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
