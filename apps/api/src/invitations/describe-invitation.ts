import type { Invitation } from '@latchkey/db';
import { isEmailDomainAllowed, type InvitationState, type KnownInvitation } from '@latchkey/shared';
import type { Settings } from '../settings/settings.ts';
import { OPERATOR_ROLE } from '../users/operator-role.ts';
import { explainUnknownRole } from '../users/known-roles.ts';
import { showEmail } from '../users/show-email.ts';
import type { NewInvitation } from './invitation.ts';

export function describeState({ revokedAt, usesLeft, expiresAt }: Invitation): InvitationState {
  if (revokedAt) return 'revoked';
  if (usesLeft === 0) return 'used';
  return expiresAt > new Date() ? 'open' : 'ended';
}

/** What an operator may know of an invitation. */
export function describeInvitation(invitation: Invitation): KnownInvitation {
  const { id, email, role, maxUses, usesLeft, expiresAt, createdAt } = invitation;
  return {
    ...{ id, state: describeState(invitation), email, role, maxUses, usesLeft },
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}

/** The link as it is handed over. */
export const writeInvitationLink = (
  { publicOrigin }: Pick<Settings, 'publicOrigin'>,
  code: string,
): string => `${publicOrigin}/register#invite=${code}`;

type NoteSettings = Pick<Settings, 'registration' | 'allowedEmailDomains' | 'accessRules'>;

/** What the operator may not expect of an invitation, in sentences. */
export function listInvitationNotes(
  settings: NoteSettings,
  { email, role }: Pick<NewInvitation, 'email' | 'role'>,
): string[] {
  const { registration, allowedEmailDomains } = settings;
  const isElsewhere = email !== null && !isEmailDomainAllowed(email, allowedEmailDomains);
  const notes = [
    registration === 'closed' &&
      'REGISTRATION is closed: nobody can use the link before you set it to invited or open.',
    isElsewhere &&
      `ALLOWED_EMAIL_DOMAINS does not hold the domain of ${showEmail(email)}. The link works for it all the same.`,
    role === OPERATOR_ROLE &&
      'Whoever registers with it runs the site: the role operator opens everybody’s account to them.',
    role !== null && explainUnknownRole(settings, role),
  ];
  return notes.filter((note) => typeof note === 'string');
}

/** Whom an invitation serves, in a sentence that the link may follow. */
export function describeInvited({ email, role }: Pick<NewInvitation, 'email' | 'role'>): string {
  const whom = email === null ? 'Whoever has this link' : `${showEmail(email)}, and nobody else,`;
  return `${whom} can register here${role === null ? '' : `, and gets the role ${role}`}`;
}

/** How often and how long an invitation works, in sentences. `until` is its end as people read it. */
export function describeUse({ maxUses }: Pick<NewInvitation, 'maxUses'>, until: string): string {
  const times = maxUses === 1 ? 'once' : `${maxUses} times`;
  return `It is shown this once, and works ${times}, until ${until}. Hand it over in private.`;
}
