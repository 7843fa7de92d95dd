import type { Database, Invitation, User } from '@latchkey/db';
import type { PersonColumns } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { tellOperators } from './tell-operators.ts';
import type { Settings } from '../settings/settings.ts';
import { takeInvitation } from '../invitations/invitation.ts';

/** A person to be made, and what they came in with. */
export type NewAccount = {
  person: PersonColumns & { passwordHash: string };
  /** Null where they came without one. */
  invitation: Pick<Invitation, 'id'> | null;
};

type Parts = { database: Database; settings: Settings };

/**
 * Makes the account of somebody who registers, and counts the use of their invitation, whose role they
 * get: all of it happens or nothing. Without one the account waits where the operator wants to approve it.
 */
export async function makeAccount(
  { database, settings }: Parts,
  { person, invitation }: NewAccount,
  transaction: Transaction,
): Promise<User> {
  const invited =
    invitation && (await database.Invitation.findByPk(invitation.id, { transaction }));
  const roles = invited?.role ? [invited.role] : [];
  const isWaiting = settings.registration === 'approval' && !invitation;
  const waitingSince = isWaiting ? new Date() : null;
  const user = await database.User.create({ ...person, roles, waitingSince }, { transaction });
  if (invitation) await takeInvitation(database, invitation.id, user, transaction);
  if (isWaiting) await tellOperators({ database, settings }, transaction);
  return user;
}
