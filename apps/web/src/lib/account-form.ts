import { omitUnchanged, type MessageId } from '@latchkey/shared';
import { accountAttempts, isEmailWaiting, type AccountAction } from './account-attempts.ts';
import { focusAuthenticatorCode, focusList, refreshLists } from './account-view.ts';
import { askPassword } from './ask-password.ts';
import { selectFeedAddress } from './feed-view.ts';
import { clearFieldErrors } from './field-errors.ts';
import { showFlash } from './flash.ts';
import { showFailure } from './form-failure.ts';
import { focusRecoveryCodes, hasRecoveryCodes } from './recovery-codes-view.ts';
import type { Failure } from './trpc.ts';

const doneMessages: Partial<Record<AccountAction, MessageId>> = {
  profile: 'profile-saved',
  email: 'email-changed',
  password: 'password-changed',
  'start-authenticator': 'authenticator-started',
  'confirm-authenticator': 'authenticator-added',
  'renew-recovery-codes': 'recovery-codes-renewed',
  'remove-authenticator': 'authenticator-removed',
  'add-passkey': 'passkey-added',
  'rename-passkey': 'passkey-renamed',
  'remove-passkey': 'passkey-removed',
  'unlink-oidc': 'oidc-unlinked',
  'end-session': 'session-ended',
  'end-other-sessions': 'other-sessions-ended',
  'end-other-devices': 'other-sessions-ended',
  'make-feed': 'feed-made',
  'revoke-feed': 'feed-revoked',
};

const goneMessages: Partial<Record<AccountAction, MessageId>> = {
  'end-session': 'session-gone',
  'rename-passkey': 'passkey-gone',
  'remove-passkey': 'passkey-gone',
  'unlink-oidc': 'oidc-gone',
};

/** Forms whose fields are empty again once they were sent. */
const isTypedAnew = new Set<AccountAction>([
  'password',
  'confirm-authenticator',
  'add-passkey',
  'rename-passkey',
]);

function readTyped(
  form: HTMLFormElement,
  submitter: HTMLButtonElement | null,
): Record<string, unknown> {
  const typed = Object.fromEntries(new FormData(form));
  if (submitter?.name) typed[submitter.name] = submitter.value;
  // The field for readers without a script: a password manager may have filled it unseen.
  const password = form.querySelector('.reauthentication input');
  if (password && !(password.checkVisibility() && typed['currentPassword'])) {
    delete typed['currentPassword'];
  }
  return typed;
}

/** Tells that it is done. True when the browser is on its way to another page. */
function finish(form: HTMLFormElement, action: AccountAction): boolean {
  if (action === 'delete') {
    location.replace(`/#${'account-deleted' satisfies MessageId}`);
    return true;
  }
  if (action === 'link-oidc' || action === 'confirm-oidc') return true;
  const isWaiting = action === 'email' && isEmailWaiting;
  const hasCodes = action === 'add-passkey' && hasRecoveryCodes();
  const message = isWaiting
    ? 'email-change-sent'
    : hasCodes
      ? 'passkey-added-with-codes'
      : doneMessages[action];
  if (isWaiting) form.reset();
  if (message) showFlash(message, form);
  if (isTypedAnew.has(action)) form.reset();
  if (action === 'end-session' || action === 'end-other-sessions') focusList(form, 'sessions');
  if (action === 'revoke-feed') focusList(form, 'feed');
  if (action === 'make-feed') selectFeedAddress(form);
  if (action === 'remove-passkey') focusList(form, 'passkeys');
  if (action === 'unlink-oidc') focusList(form, 'linked-accounts');
  if (hasCodes || action === 'confirm-authenticator' || action === 'renew-recovery-codes')
    focusRecoveryCodes(form);
  if (action === 'remove-authenticator') focusList(form, 'factors');
  if (action === 'end-other-devices') focusList(form, 'other-devices');
  void refreshLists().then(() => {
    if (action === 'start-authenticator') focusAuthenticatorCode(form);
  });
  return false;
}

function refuse(form: HTMLFormElement, action: AccountAction, failure: Failure): boolean {
  if (failure.reason === 'sign-in-required' || failure.reason === 'other-person') {
    // Sent as it is: the server does nothing, keeps what was typed for its person, and says who is
    // logged in, or leads through the log-in and back.
    form.submit();
    return true;
  }
  const gone = failure.reason === 'not-found' ? goneMessages[action] : undefined;
  if (gone) void refreshLists();
  if (gone) showFlash(gone, form);
  else showFailure(form, failure);
  return false;
}

/** Checks and sends a form of the dashboard. True when the browser is on its way to another page. */
export async function submitForm(
  form: HTMLFormElement,
  submitter: HTMLButtonElement | null,
): Promise<boolean> {
  const action = form.dataset['form'] as AccountAction;
  const attempt = accountAttempts[action];
  const typed = omitUnchanged(readTyped(form, submitter));
  clearFieldErrors(form);
  if (action === 'email' && !('email' in typed)) {
    showFlash('nothing-changed', form);
    return false;
  }
  const first = await attempt(typed);
  const outcome =
    first?.reason === 'password-required' || first?.reason === 'code-required'
      ? await askPassword(first, (given) => attempt({ ...typed, ...given }))
      : first;
  if (outcome === 'cancelled') return false;
  return outcome ? refuse(form, action, outcome) : finish(form, action);
}
