import type { User } from '@latchkey/db';
import { endPasswordReset } from '../password-resets/password-reset.ts';
import { currentRoles } from '../users/current-roles.ts';
import { forgetBrowsers } from '../second-factors/remembered-browser.ts';
import type { ActContext } from './act-context.ts';
import { lockPerson } from './lock-person.ts';
import { logAct } from './log-act.ts';
import { recordAct, type Act } from './record-act.ts';

export type Change = { changed: boolean; endedSessions: number };

const unchanged: Change = { changed: false, endedSessions: 0 };

/** Changes a person's row, locked, and ends their sessions with it: a change of rights asks for a new token. */
async function changeRights(
  context: ActContext,
  { id: userId }: Pick<User, 'id'>,
  act: Act,
  change: (user: User) => boolean,
): Promise<Change> {
  const { database } = context;
  return database.sequelize.transaction(async (transaction) => {
    const user = await lockPerson(context, userId, transaction);
    if (!user || !change(user)) return unchanged;
    await user.save({ transaction });
    await forgetBrowsers(database, { userId }, transaction);
    if (user.disabledAt) await endPasswordReset(database, userId, transaction);
    await recordAct(context, [userId], act, transaction);
    return {
      changed: true,
      endedSessions: await database.Session.destroy({ where: { userId }, transaction }),
    };
  });
}

/** Keeps a person out, from the next request on, or lets them in again. */
export function setDisabled(
  context: ActContext,
  person: Pick<User, 'id'>,
  disabled: boolean,
): Promise<Change> {
  const event = disabled ? 'disabled-by-operator' : 'enabled-by-operator';
  return changeRights(context, person, { event }, (user) => {
    if ((user.disabledAt !== null) === disabled) return false;
    user.disabledAt = disabled ? new Date() : null;
    return true;
  });
}

const without = (ends: Record<string, string>, role: string) =>
  Object.fromEntries(Object.entries(ends).filter(([name]) => name !== role));

/** A role to give. Without `until` it has no end. */
export type Grant = { role: string; until?: Date | undefined; reason?: string | undefined };

/** Gives a person a role, also another end of one they have. */
export function grantRole(
  context: ActContext,
  person: Pick<User, 'id'>,
  grant: Grant,
): Promise<Change> {
  const { role, until, reason } = grant;
  const act = { event: 'role-given', detail: role, until, reason } as const;
  return changeRights(context, person, act, (user) => {
    const end = until?.toISOString();
    const isForGood = user.roles.includes(role);
    if (end === undefined ? isForGood : !isForGood && user.roleEnds[role] === end) return false;
    const others = user.roles.filter((name) => name !== role);
    user.roles = end === undefined ? [...others, role] : others;
    user.roleEnds = { ...without(user.roleEnds, role), ...(end !== undefined && { [role]: end }) };
    return true;
  });
}

/** Takes a role from a person, with and without an end. */
export function revokeRole(
  context: ActContext,
  person: Pick<User, 'id'>,
  { role, reason }: Pick<Grant, 'role' | 'reason'>,
): Promise<Change> {
  const act = { event: 'role-taken', detail: role, reason } as const;
  return changeRights(context, person, act, (user) => {
    if (!currentRoles(user).includes(role)) return false;
    user.roles = user.roles.filter((name) => name !== role);
    user.roleEnds = without(user.roleEnds, role);
    return true;
  });
}

/** Erases a person and all that is theirs. False where they are gone already. */
export function deletePerson(
  context: ActContext,
  { id: userId }: Pick<User, 'id'>,
): Promise<boolean> {
  return context.database.sequelize.transaction(async (transaction) => {
    const user = await lockPerson(context, userId, transaction);
    if (!user) return false;
    await user.destroy({ transaction });
    const act = { event: 'user_deleted', outcome: 'deleted-by-operator', userId };
    await logAct(context, [act], transaction);
    return true;
  });
}
