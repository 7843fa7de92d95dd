import type { Invitation } from '@latchkey/db';
import { endInvitation, makeInvitation } from '../acts/make-invitation.ts';
import {
  describeInvited,
  describeUse,
  writeInvitationLink,
} from '../invitations/describe-invitation.ts';
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

/** An invitation for people to read. */
export function showInvitation(settings: Settings, wanted: NewInvitation, code: string): string {
  return `${describeInvited(wanted)}:

  ${writeInvitationLink(settings, code)}

Without JavaScript that page asks for the code: ${code}
${describeUse(wanted, showTime(wanted.expiresAt))}`;
}
