/** What the operator did: it came from no device of the person's. */
const operatorEvents = {
  'made-by-operator': 'Account created by the operator',
  'imported-by-operator': 'Account imported by the operator',
  'approved-by-operator': 'Registration approved by the operator',
  'disabled-by-operator': 'Account disabled by the operator',
  'enabled-by-operator': 'Account enabled by the operator',
  'role-given': 'Role added by the operator',
  'role-taken': 'Role removed by the operator',
  'signed-out-by-operator': 'Signed out by the operator',
  'factors-removed-by-operator': 'Second factors removed by the operator',
  'reset-link-made': 'Password reset link created by the operator',
} as const;

export type OperatorEvent = keyof typeof operatorEvents;

export function isOperatorEvent(event: string): event is OperatorEvent {
  return Object.hasOwn(operatorEvents, event);
}

/** What the person's own security log can say, and how it says it. */
export const activityEvents = {
  registered: 'Account created',
  'invitation-used': 'Invitation used',
  'logged-in': 'Logged in',
  'login-failed': 'Wrong password',
  'logged-out': 'Logged out',
  'password-confirmed': 'Password confirmed',
  'code-confirmed': 'Code confirmed',
  'code-failed': 'Wrong code',
  'recovery-code-confirmed': 'Recovery code used to confirm',
  'recovery-code-used': 'Logged in with a recovery code',
  'authenticator-added': 'Authenticator app added',
  'authenticator-removed': 'Authenticator app removed',
  'passkey-added': 'Passkey added',
  'passkey-renamed': 'Passkey renamed',
  'passkey-removed': 'Passkey removed',
  'passkey-used': 'Logged in with a passkey',
  'passkey-confirmed': 'Passkey confirmed',
  'passkey-failed': 'Wrong passkey',
  'oidc-used': 'Logged in through another service',
  'oidc-confirmed': 'Confirmed through another service',
  'oidc-linked': 'Account of another service linked',
  'oidc-unlinked': 'Account of another service unlinked',
  'oidc-roles-changed': 'Roles changed by another service',
  'recovery-codes-renewed': 'Recovery codes replaced',
  'profile-changed': 'Profile changed',
  'email-change-requested': 'Email change requested',
  'email-changed': 'Email changed',
  'email-change-undone': 'Email change undone',
  'password-changed': 'Password changed',
  'session-ended': 'Signed out another device',
  'other-sessions-ended': 'Signed out all other devices',
  'oldest-session-ended':
    'Signed out the device that was not used for longest, as there were too many',
  'data-exported': 'Data downloaded',
  'feed-made': 'Feed address created',
  'feed-revoked': 'Feed address turned off',
  'password-reset': 'Password set with a reset link',
  'account-secured': 'Signed out everywhere with the link of a notice',
  ...operatorEvents,
} as const;

export type ActivityEvent = keyof typeof activityEvents;
