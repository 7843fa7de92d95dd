import type { MessageId } from '@latchkey/shared';

export type Tone = 'info' | 'success' | 'error';

const calmTones: Partial<Record<MessageId, Tone>> = {
  'sign-in-required': 'info',
  'email-taken': 'info',
  'signed-out': 'success',
  welcome: 'success',
  'password-required': 'info',
  'code-required': 'info',
  'other-person': 'info',
  'nothing-changed': 'info',
  'factor-required': 'info',
  'second-step-over': 'info',
  'waiting-for-approval': 'info',
  'authenticator-started': 'info',
  'authenticator-added': 'success',
  'authenticator-removed': 'success',
  'authenticator-exists': 'info',
  'passkey-added': 'success',
  'passkey-added-with-codes': 'success',
  'passkey-renamed': 'success',
  'passkey-removed': 'success',
  'passkey-gone': 'info',
  'passkey-exists': 'info',
  'passkey-cancelled': 'info',
  'recovery-codes-renewed': 'success',
  'recovery-codes-copied': 'success',
  'profile-saved': 'success',
  'email-changed': 'success',
  'password-changed': 'success',
  'session-ended': 'success',
  'session-gone': 'info',
  'not-saved': 'info',
  'other-sessions-ended': 'success',
  'feed-made': 'success',
  'feed-revoked': 'success',
  'feed-copied': 'success',
  'password-reset': 'success',
  'reset-sent': 'success',
  'email-change-sent': 'success',
  'email-confirmed': 'success',
  'email-restored': 'success',
  'account-secured': 'success',
  'account-deleted': 'success',
};

export function toneOfMessage(id: MessageId): Tone {
  return calmTones[id] ?? 'error';
}
