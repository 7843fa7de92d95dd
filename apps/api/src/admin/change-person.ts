import type { Database, User } from '@latchkey/db';
import type { Transaction } from 'sequelize';

export type Change = { changed: boolean; endedSessions: number };

const unchanged: Change = { changed: false, endedSessions: 0 };

/** Changes a person's row, locked, and ends their sessions with it: a change of rights asks for a new token. */
async function changeRights(
  { sequelize, User, Session }: Database,
  { id: userId }: User,
  change: (user: User) => boolean,
): Promise<Change> {
  return sequelize.transaction(async (transaction: Transaction) => {
    const user = await User.findByPk(userId, { transaction, lock: transaction.LOCK.UPDATE });
    if (!user || !change(user)) return unchanged;
    await user.save({ transaction });
    return {
      changed: true,
      endedSessions: await Session.destroy({ where: { userId }, transaction }),
    };
  });
}

/** Keeps a person out, from the next request on, or lets them in again. */
export function setDisabled(database: Database, person: User, disabled: boolean): Promise<Change> {
  return changeRights(database, person, (user) => {
    if ((user.disabledAt !== null) === disabled) return false;
    user.disabledAt = disabled ? new Date() : null;
    return true;
  });
}

/** Gives a person a role, or takes it away. */
export function setRole(
  database: Database,
  person: User,
  role: string,
  granted: boolean,
): Promise<Change> {
  return changeRights(database, person, (user) => {
    if (user.roles.includes(role) === granted) return false;
    user.roles = granted ? [...user.roles, role] : user.roles.filter((name) => name !== role);
    return true;
  });
}
