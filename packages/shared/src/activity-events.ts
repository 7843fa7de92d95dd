/** What the operator did: it came from no device of the person's. */
const operatorEvents = {
  'made-by-operator': 'Account made by the operator',
  'imported-by-operator': 'Account brought here by the operator',
  'disabled-by-operator': 'Account disabled by the operator',
  'enabled-by-operator': 'Account enabled again by the operator',
  'role-given': 'Role given by the operator',
  'role-taken': 'Role taken away by the operator',
  'signed-out-by-operator': 'Signed out by the operator',
  'reset-link-made': 'The operator made a password reset link',
} as const;

export type OperatorEvent = keyof typeof operatorEvents;

export function isOperatorEvent(event: string): event is OperatorEvent {
  return Object.hasOwn(operatorEvents, event);
}

/** What the person's own security log can say, and how it says it. */
export const activityEvents = {
  registered: 'Account made',
  'logged-in': 'Logged in',
  'login-failed': 'Wrong password',
  'logged-out': 'Logged out',
  'password-confirmed': 'Password confirmed',
  'profile-changed': 'Profile changed',
  'email-changed': 'Email changed',
  'password-changed': 'Password changed',
  'session-ended': 'Signed out another device',
  'other-sessions-ended': 'Signed out all other devices',
  'data-exported': 'Data downloaded',
  'feed-made': 'Feed address made',
  'feed-revoked': 'Feed address turned off',
  'password-reset': 'Password set with a link',
  ...operatorEvents,
} as const;

export type ActivityEvent = keyof typeof activityEvents;
