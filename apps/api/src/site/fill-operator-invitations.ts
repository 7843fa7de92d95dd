import { formatTime, listInvitationsInput, nameRole, type KnownInvitation } from '@latchkey/shared';
import {
  describeInvited,
  describeState,
  describeUse,
  listInvitationNotes,
  writeInvitationLink,
} from '../invitations/describe-invitation.ts';
import { findInvitation, nextInvitationEnd } from '../invitations/invitation.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { listKnownRoles } from '../users/known-roles.ts';
import { showEmail } from '../users/show-email.ts';
import type { Caller } from './form-answer.ts';
import type { OperatorVisit } from './operator-visit.ts';

/** The page of the invitations. */
export const invitationsPath = '/operator/invitations';
/** Shows the code of an invitation that was just made, once. */
export const newInvitationField = 'newInvitation';

const stateNames = { open: 'Open', used: 'Used', ended: 'Ended', revoked: 'Revoked' };

const showInvitation = (
  { id, state, email, role, maxUses, usesLeft, expiresAt, createdAt }: KnownInvitation,
  after: string,
): ListItem => ({
  ...{ id, after, state: stateNames[state], open: String(state === 'open') },
  whom: email === null ? 'Anybody' : showEmail(email),
  role: role ?? 'None',
  used: `${maxUses - usesLeft} of ${maxUses}`,
  ...{ expiresAt, expiresText: formatTime(expiresAt) },
  ...{ createdAt, createdText: formatTime(createdAt) },
});

/** The list of invitations, the form for another one, and the link of one that was just made. */
export async function fillInvitations(
  { operator }: Caller,
  query: URLSearchParams,
  { deps, takeTyped }: OperatorVisit,
): Promise<Pick<PageFilling, 'lists' | 'typed'>> {
  const wanted = listInvitationsInput.safeParse({ cursor: query.get('after') ?? undefined }).data;
  const { invitations, isMore } = await operator.invitations(wanted);
  const cursor = wanted?.cursor;
  const way = {
    more: String(isMore),
    back: String(cursor !== undefined),
    last: invitations.at(-1)?.id ?? '',
  };
  const { [newInvitationField]: code, ...typed } = takeTyped();
  const roles = listKnownRoles(deps.settings);
  return {
    typed: { uses: '1', until: nextInvitationEnd().toISOString().slice(0, 10), ...typed },
    lists: {
      ...(await showNewInvitation(deps, code)),
      knownRoles: roles.map((role) => ({ role, name: nameRole(role) })),
      invitations: invitations.map((invitation) => showInvitation(invitation, cursor ?? '')),
      invitationPages: [way],
    },
  };
}

/** The link of an invitation that was just made; nothing where none that is open has this code. */
async function showNewInvitation(
  { database, settings }: ServerDeps,
  code: string | undefined,
): Promise<Record<string, ListItem[]>> {
  const invitation = code === undefined ? null : await findInvitation(database, code);
  if (!invitation || code === undefined || describeState(invitation) !== 'open') {
    return { newInvitation: [], newInvitationNotes: [] };
  }
  const shown = {
    who: describeInvited(invitation),
    ...{ link: writeInvitationLink(settings, code), code },
    rule: describeUse(invitation, formatTime(invitation.expiresAt)),
  };
  const notes = listInvitationNotes(settings, invitation);
  return { newInvitation: [shown], newInvitationNotes: notes.map((note) => ({ note })) };
}
