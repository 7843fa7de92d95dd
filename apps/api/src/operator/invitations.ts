import {
  invitationIdInput,
  inviteInput,
  listInvitationsInput,
  messages,
  type InvitationsPage,
  type MadeInvitation,
} from '@latchkey/shared';
import { endInvitation, makeInvitation } from '../acts/make-invitation.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import {
  describeInvitation,
  listInvitationNotes,
  writeInvitationLink,
} from '../invitations/describe-invitation.ts';
import { nextInvitationEnd } from '../invitations/invitation.ts';
import { findPage } from './find-page.ts';
import { openActs, provenProcedure, tellAct } from './proven-procedure.ts';

const invitations = provenProcedure
  .input(listInvitationsInput)
  .query(async ({ ctx, input }): Promise<InvitationsPage> => {
    const { rows, isMore } = await findPage(ctx.deps.database.Invitation, input);
    return { invitations: rows.map(describeInvitation), isMore };
  });

/** Nobody is told here whose account it is: the list of people has it. */
const hasAccount = () =>
  new Refusal('CONFLICT', {
    reason: 'invitee-has-account',
    fieldErrors: { email: [messages['invitee-has-account']] },
  });

const invite = provenProcedure
  .input(inviteInput)
  .mutation(async ({ ctx, input }): Promise<MadeInvitation> => {
    const { settings } = ctx.deps;
    const { email = null, role = null, uses = 1, until = nextInvitationEnd() } = input;
    const wanted = { email, role, maxUses: uses, expiresAt: until };
    const made = await makeInvitation(openActs(ctx), wanted);
    if (!made) throw hasAccount();
    tellAct(ctx, 'invitation-created');
    const { code, invitation } = made;
    return {
      ...describeInvitation(invitation),
      ...{ link: writeInvitationLink(settings, code), code },
      notes: listInvitationNotes(settings, wanted),
    };
  });

const revokeInvitation = provenProcedure
  .input(invitationIdInput)
  .mutation(async ({ ctx, input: { id } }) => {
    const outcome = await endInvitation(openActs(ctx), id);
    if (outcome === null) throw notFound;
    if (outcome === 'revoked') tellAct(ctx, 'invitation-revoked');
    return { changed: outcome === 'revoked' };
  });

/** What an operator does with invitations. */
export const invitationProcedures = { invitations, invite, revokeInvitation };
