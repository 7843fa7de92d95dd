import type { MessageId } from '@latchkey/shared';

type State = 'signed-in' | 'signed-out';

/**
 * Who a message can be true for: it is hidden from everybody else. One that is not here tells of what
 * was just sent, and anybody may have sent it.
 */
const states: Partial<Record<MessageId, State>> = {
  'sign-in-required': 'signed-out',
  'email-taken': 'signed-out',
  'signed-out': 'signed-out',
  'cookies-blocked': 'signed-out',
  'password-reset': 'signed-out',
  'account-deleted': 'signed-out',
  'registration-closed': 'signed-out',
  'waiting-for-approval': 'signed-out',
  welcome: 'signed-in',
  'other-person': 'signed-in',
  'nothing-changed': 'signed-in',
  'factor-required': 'signed-in',
  'authenticator-started': 'signed-in',
  'authenticator-added': 'signed-in',
  'authenticator-removed': 'signed-in',
  'authenticator-exists': 'signed-in',
  'passkey-added': 'signed-in',
  'passkey-added-with-codes': 'signed-in',
  'passkey-renamed': 'signed-in',
  'passkey-removed': 'signed-in',
  'passkey-gone': 'signed-in',
  'oidc-linked': 'signed-in',
  'oidc-unlinked': 'signed-in',
  'oidc-gone': 'signed-in',
  'oidc-in-use': 'signed-in',
  'oidc-exists': 'signed-in',
  'oidc-confirmed': 'signed-in',
  'oidc-other-account': 'signed-in',
  'oidc-not-fresh': 'signed-in',
  'oidc-last-way-in': 'signed-in',
  'oidc-ready': 'signed-in',
  'recovery-codes-renewed': 'signed-in',
  'recovery-codes-copied': 'signed-in',
  'profile-saved': 'signed-in',
  'email-changed': 'signed-in',
  'email-in-use': 'signed-in',
  'email-change-sent': 'signed-in',
  'email-mismatch': 'signed-in',
  'password-changed': 'signed-in',
  'password-required': 'signed-in',
  'code-required': 'signed-in',
  'session-ended': 'signed-in',
  'session-gone': 'signed-in',
  'other-sessions-ended': 'signed-in',
  'feed-made': 'signed-in',
  'feed-revoked': 'signed-in',
  'feed-copied': 'signed-in',
  'not-saved': 'signed-in',
};

export function stateOfMessage(id: MessageId): State | undefined {
  return states[id];
}
