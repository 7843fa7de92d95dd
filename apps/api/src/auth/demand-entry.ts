import type { Invitation } from '@latchkey/db';
import { explainEmailDomains, isEmailDomainAllowed, messages } from '@latchkey/shared';
import { logSecurityEvent } from '../activity/security-log.ts';
import { Refusal } from '../http/refusal.ts';
import {
  findInvitation,
  judgeInvitation,
  type InvitationFault,
} from '../invitations/invitation.ts';
import type { Context } from '../procedures/context.ts';

export function refuseInvitation(ctx: Context, fault: InvitationFault): Refusal {
  logSecurityEvent(ctx, 'authz_fail', { outcome: fault });
  return new Refusal('FORBIDDEN', {
    reason: 'invitation-not-valid',
    fieldErrors: { invitation: [messages[fault]] },
  });
}

export const refuseEmailDomain = (allowed: readonly string[]): Refusal =>
  new Refusal('BAD_REQUEST', {
    reason: 'email-domain-not-allowed',
    fieldErrors: { email: [explainEmailDomains(allowed)] },
  });

/** Refuses whoever registers while nobody can. */
export function demandOpenRegistration({ deps }: Context): void {
  if (deps.settings.registration !== 'closed') return;
  throw new Refusal('FORBIDDEN', { reason: 'registration-closed' });
}

/**
 * Refuses whoever may not register, and returns the invitation of those who came with one. An invitation
 * for an address opens its domain: the operator has named it.
 *
 * @see docs/decisions/0075-invitations.md
 */
export async function demandEntry(
  ctx: Context,
  { email, invitation: code }: { email: string; invitation?: string | undefined },
): Promise<Invitation | null> {
  const { registration, allowedEmailDomains } = ctx.deps.settings;
  if (code === undefined && registration === 'invited') {
    throw new Refusal('FORBIDDEN', {
      reason: 'invitation-required',
      fieldErrors: { invitation: [messages['invitation-required']] },
    });
  }
  const invitation = code === undefined ? null : await findInvitation(ctx.deps.database, code);
  const fault = code === undefined ? null : judgeInvitation(invitation, email);
  if (fault) throw refuseInvitation(ctx, fault);
  const isNamed = invitation !== null && invitation.email !== null;
  if (!isNamed && !isEmailDomainAllowed(email, allowedEmailDomains)) {
    throw refuseEmailDomain(allowedEmailDomains);
  }
  return invitation;
}
