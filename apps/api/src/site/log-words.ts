/** What the names of the OWASP Logging Vocabulary mean, for people. */
const eventNames: Record<string, string> = {
  authn_login_success: 'Logged in',
  authn_login_fail: 'A log-in failed',
  authn_login_lock: 'Log-ins have to wait',
  authn_password_change: 'Password changed',
  authn_password_change_fail: 'Password not changed',
  authn_token_created: 'A link or code was made',
  authn_token_revoked: 'A link or code ended',
  authz_admin: 'An operator acted',
  authz_fail: 'Refused',
  excess_rate_limit_exceeded: 'Too many attempts',
  privilege_permissions_changed: 'Roles changed',
  sensitive_delete: 'Old rows deleted',
  sensitive_read: 'Private data read',
  sensitive_update: 'Data replaced',
  session_created: 'Signed in',
  session_ended: 'Signed out',
  session_renewed: 'Proved who they are',
  sys_monitor_disabled: 'Rows of this log were lost',
  user_created: 'Account made',
  user_deleted: 'Account deleted',
  user_updated: 'Account changed',
};

/** An event in words; one that is not known by its own name. */
export const nameEvent = (event: string): string =>
  Object.hasOwn(eventNames, event) ? (eventNames[event] ?? event) : event;
