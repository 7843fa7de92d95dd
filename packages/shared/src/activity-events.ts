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
} as const;

export type ActivityEvent = keyof typeof activityEvents;
