import type { LogKind } from '@latchkey/shared';

/** Events of a name, all of them or those that operators caused. */
type EventsOf = { event: string; isOperators?: true };

/** The names of the OWASP Logging Vocabulary that belong to a kind. */
export const eventsOfKind: Record<LogKind, EventsOf[]> = {
  'log-ins': [{ event: 'authn_login_success' }, { event: 'session_renewed' }],
  failures: [
    { event: 'authn_login_fail' },
    { event: 'authn_login_lock' },
    { event: 'authn_password_change_fail' },
  ],
  denied: [{ event: 'authz_fail' }, { event: 'excess_rate_limit_exceeded' }],
  operators: [
    { event: 'authz_admin' },
    { event: 'privilege_permissions_changed' },
    { event: 'sensitive_read', isOperators: true },
    { event: 'sensitive_update' },
    { event: 'sensitive_delete' },
    { event: 'user_created', isOperators: true },
    { event: 'user_updated', isOperators: true },
    { event: 'user_deleted', isOperators: true },
    { event: 'session_ended', isOperators: true },
    { event: 'authn_token_created', isOperators: true },
    { event: 'authn_token_revoked', isOperators: true },
  ],
  accounts: [
    { event: 'user_created' },
    { event: 'user_updated' },
    { event: 'user_deleted' },
    { event: 'authn_password_change' },
    { event: 'privilege_permissions_changed' },
  ],
  sessions: [
    { event: 'session_created' },
    { event: 'session_ended' },
    { event: 'authn_token_created' },
    { event: 'authn_token_revoked' },
  ],
};

/** Outcomes of what operators cause, besides those that say so by their end. */
const operatorsOutcomes = [
  'person',
  'security-log',
  'reset-link-made',
  'invitation-created',
  'invitation-revoked',
];

/** Whether an event is of a kind, in SQL that an index of events answers alone. */
export function writeCondition({ event, isOperators }: EventsOf): string {
  const isNamed = `e.event = '${event}'`;
  if (!isOperators) return isNamed;
  const outcomes = operatorsOutcomes.map((outcome) => `'${outcome}'`).join(', ');
  return `${isNamed} AND (e.outcome LIKE '%-by-operator%' OR e.outcome IN (${outcomes}))`;
}
