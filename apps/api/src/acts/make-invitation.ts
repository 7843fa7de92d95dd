import type { Invitation } from '@latchkey/db';
import {
  createInvitation,
  revokeInvitation,
  type NewInvitation,
} from '../invitations/invitation.ts';
import { findUserByEmail } from '../users/find-user.ts';
import type { ActContext } from './act-context.ts';
import { logAct } from './log-act.ts';

/** Makes an invitation and its row of the security log; null where the address has an account. */
export async function makeInvitation(
  context: ActContext,
  wanted: NewInvitation,
): Promise<{ code: string; invitation: Invitation } | null> {
  const { database } = context;
  const { email } = wanted;
  if (email !== null && (await findUserByEmail(database, email))) return null;
  return database.sequelize.transaction(async (transaction) => {
    const made = await createInvitation(database, wanted, transaction);
    const act = { event: 'authn_token_created', outcome: 'invitation-created' };
    await logAct(context, [act], transaction);
    return made;
  });
}

/** Ends an invitation at once; null where there is none with this id. */
export async function endInvitation(
  context: ActContext,
  id: string,
): Promise<'revoked' | 'before' | null> {
  const { database } = context;
  if (!(await database.Invitation.findByPk(id))) return null;
  return database.sequelize.transaction(async (transaction) => {
    if (!(await revokeInvitation(database, id, transaction))) return 'before';
    const act = { event: 'authn_token_revoked', outcome: 'invitation-revoked' };
    await logAct(context, [act], transaction);
    return 'revoked';
  });
}
