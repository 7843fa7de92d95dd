import type { Invitation } from '@latchkey/db';
import { isEmailDomainAllowed } from '@latchkey/shared';
import { endInvitation, makeInvitation } from '../acts/make-invitation.ts';
import type { NewInvitation } from '../invitations/invitation.ts';
import type { Settings } from '../settings/settings.ts';
import { showTime } from '../text/show-time.ts';
import { showEmail } from '../users/show-email.ts';
import { isId } from '../users/find-user.ts';
import type { OpenSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';

/** The same as `makeInvitation`. Throws an OperatorError where the address has an account. */
export async function demandInvitation(
  site: OpenSite,
  wanted: NewInvitation,
): Promise<{ code: string; invitation: Invitation }> {
  const made = await makeInvitation(site, wanted);
  if (made) return made;
  throw new OperatorError(
    `${showEmail(wanted.email ?? '')} has an account already. Nobody was invited. To give it a role: npm run admin -- user grant USER ROLE`,
  );
}

/** The same as `endInvitation`. Throws an OperatorError where there is none with this id. */
export async function demandEnd(site: OpenSite, id: string): Promise<'revoked' | 'before'> {
  const outcome = isId(id) ? await endInvitation(site, id.toLowerCase()) : null;
  if (outcome) return outcome;
  throw new OperatorError(`No invitation has this id. See npm run admin -- invite list`);
}

export type InvitationState = 'open' | 'used' | 'ended' | 'revoked';

export function describeState({ revokedAt, usesLeft, expiresAt }: Invitation): InvitationState {
  if (revokedAt) return 'revoked';
  if (usesLeft === 0) return 'used';
  return expiresAt > new Date() ? 'open' : 'ended';
}

/** The link as it is handed over. */
export const writeInvitationLink = ({ publicOrigin }: Settings, code: string): string =>
  `${publicOrigin}/register#invite=${code}`;

/** What the operator may not expect of an invitation, in sentences. */
export function listInvitationNotes(
  { registration, allowedEmailDomains }: Settings,
  { email }: NewInvitation,
): string[] {
  const isElsewhere = email !== null && !isEmailDomainAllowed(email, allowedEmailDomains);
  return [
    ...(registration === 'closed'
      ? ['REGISTRATION is closed: nobody can use the link before you set it to invited or open.']
      : []),
    ...(isElsewhere
      ? [
          `ALLOWED_EMAIL_DOMAINS does not hold the domain of ${showEmail(email)}. The link works for it all the same.`,
        ]
      : []),
  ];
}

/** An invitation for people to read. */
export function showInvitation(
  settings: Settings,
  { email, role, maxUses, expiresAt }: NewInvitation,
  code: string,
): string {
  const whom = email === null ? 'Whoever has this link' : `${showEmail(email)}, and nobody else,`;
  const times = maxUses === 1 ? 'once' : `${maxUses} times`;
  const withRole = role === null ? '' : `, and gets the role ${role}`;
  return `${whom} can register here${withRole}:

  ${writeInvitationLink(settings, code)}

Without JavaScript that page asks for the code: ${code}
It is shown this once, and works ${times}, until ${showTime(expiresAt)}. Hand it over in private.`;
}
