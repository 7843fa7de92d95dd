import type { MessageId } from '@latchkey/shared';

export type Tone = 'info' | 'success' | 'error';

const calmTones: Partial<Record<MessageId, Tone>> = {
  'sign-in-required': 'info',
  'email-taken': 'info',
  'signed-out': 'success',
  welcome: 'success',
  'password-required': 'info',
  'other-person': 'info',
  'nothing-changed': 'info',
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
  'account-secured': 'success',
  'account-deleted': 'success',
};

export function toneOfMessage(id: MessageId): Tone {
  return calmTones[id] ?? 'error';
}
