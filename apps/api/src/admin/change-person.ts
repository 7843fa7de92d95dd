import type { Database, User } from '@latchkey/db';
import { endPasswordReset } from '../password-resets/password-reset.ts';
import { forgetBrowsers } from '../second-factors/remembered-browser.ts';
import { logAct } from './log-act.ts';
import { recordAct, type Act } from './record-act.ts';

export type Change = { changed: boolean; endedSessions: number };

const unchanged: Change = { changed: false, endedSessions: 0 };

/** Changes a person's row, locked, and ends their sessions with it: a change of rights asks for a new token. */
async function changeRights(
  database: Database,
  { id: userId }: User,
  act: Act,
  change: (user: User) => boolean,
): Promise<Change> {
  const { sequelize, User, Session } = database;
  return sequelize.transaction(async (transaction) => {
    const user = await User.findByPk(userId, { transaction, lock: transaction.LOCK.UPDATE });
    if (!user || !change(user)) return unchanged;
    await user.save({ transaction });
    await forgetBrowsers(database, { userId }, transaction);
    if (user.disabledAt) await endPasswordReset(database, userId, transaction);
    await recordAct(database, [userId], act, transaction);
    return {
      changed: true,
      endedSessions: await Session.destroy({ where: { userId }, transaction }),
    };
  });
}

/** Keeps a person out, from the next request on, or lets them in again. */
export function setDisabled(database: Database, person: User, disabled: boolean): Promise<Change> {
  const event = disabled ? 'disabled-by-operator' : 'enabled-by-operator';
  return changeRights(database, person, { event }, (user) => {
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
  const event = granted ? 'role-given' : 'role-taken';
  return changeRights(database, person, { event, detail: role }, (user) => {
    if (user.roles.includes(role) === granted) return false;
    user.roles = granted ? [...user.roles, role] : user.roles.filter((name) => name !== role);
    return true;
  });
}

/** Erases a person and all that is theirs. */
export function deletePerson(database: Database, { id: userId }: User): Promise<void> {
  return database.sequelize.transaction(async (transaction) => {
    await database.User.destroy({ where: { id: userId }, transaction });
    const act = { event: 'user_deleted', outcome: 'deleted-by-operator', userId };
    await logAct(database, [act], transaction);
  });
}
