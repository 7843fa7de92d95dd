import type { Database, Invitation } from '@latchkey/db';
import { isEmailDomainAllowed } from '@latchkey/shared';
import {
  createInvitation,
  revokeInvitation,
  type NewInvitation,
} from '../invitations/invitation.ts';
import type { Settings } from '../settings/settings.ts';
import { showEmail } from '../users/show-email.ts';
import { findUserByEmail } from '../users/find-user.ts';
import { isId } from './find-person.ts';
import { logAct } from './log-act.ts';
import { OperatorError } from './operator-error.ts';
import { showTime } from './print.ts';

/** Makes an invitation and its row of the security log. Throws where the address has an account. */
export async function makeInvitation(
  database: Database,
  wanted: NewInvitation,
): Promise<{ code: string; invitation: Invitation }> {
  const { email } = wanted;
  if (email !== null && (await findUserByEmail(database, email))) {
    throw new OperatorError(
      `${showEmail(email)} has an account already. Nobody was invited. To give it a role: npm run admin -- user grant USER ROLE`,
    );
  }
  return database.sequelize.transaction(async (transaction) => {
    const made = await createInvitation(database, wanted, transaction);
    const act = { event: 'authn_token_created', outcome: 'invitation-created' };
    await logAct(database, [act], transaction);
    return made;
  });
}

/** Ends an invitation. Throws an OperatorError where there is none with this id. */
export async function endInvitation(database: Database, id: string): Promise<'revoked' | 'before'> {
  const found = isId(id) ? await database.Invitation.findByPk(id.toLowerCase()) : null;
  if (!found) {
    throw new OperatorError(`No invitation has this id. See npm run admin -- invite list`);
  }
  return database.sequelize.transaction(async (transaction) => {
    if (!(await revokeInvitation(database, found.id, transaction))) return 'before';
    const act = { event: 'authn_token_revoked', outcome: 'invitation-revoked' };
    await logAct(database, [act], transaction);
    return 'revoked';
  });
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
