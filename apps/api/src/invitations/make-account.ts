import type { Database, Invitation, User } from '@latchkey/db';
import type { PersonColumns } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { takeInvitation } from './invitation.ts';

/** A person to be made, and what they came in with. */
export type NewAccount = {
  person: PersonColumns & { passwordHash: string };
  /** Null where they came without one. */
  invitation: Pick<Invitation, 'id'> | null;
};

/**
 * Makes the account of somebody who registers, and counts the use of their invitation, whose role they
 * get: all of it happens or nothing.
 */
export async function makeAccount(
  database: Database,
  { person, invitation }: NewAccount,
  transaction: Transaction,
): Promise<User> {
  const invited =
    invitation && (await database.Invitation.findByPk(invitation.id, { transaction }));
  const roles = invited?.role ? [invited.role] : [];
  const user = await database.User.create({ ...person, roles }, { transaction });
  if (invitation) await takeInvitation(database, invitation.id, user, transaction);
  return user;
}
