import type { User } from '@latchkey/db';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import type { Context } from '../procedures/context.ts';
import { confirmAuthenticator, hasAuthenticator } from '../second-factors/authenticator.ts';
import { holdPerson } from '../second-factors/hold-person.ts';
import { hasSecondFactor, removeLeftovers } from '../second-factors/list-factors.ts';
import { renewRecoveryCodes } from '../second-factors/recovery-codes.ts';

/** Who changes something, and from where. */
type Actor = Pick<Context, 'deps' | 'request'>;

/** Takes the first code, and returns the recovery codes that come with it; null where it is wrong. */
export function addAuthenticator(actor: Actor, user: User, code: string): Promise<string[] | null> {
  const { deps } = actor;
  const { database } = deps;
  return database.sequelize.transaction(async (transaction) => {
    if (!(await confirmAuthenticator(deps, user.id, code, transaction))) return null;
    await enqueueNotice(actor, { kind: 'authenticator-added', user }, transaction);
    return renewRecoveryCodes(database, user.id, transaction);
  });
}

/** Takes the authenticator away, and what goes with the last factor; false where none was confirmed. */
export function removeAuthenticator(actor: Actor, user: User): Promise<boolean> {
  const { database } = actor.deps;
  return database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, user.id, transaction);
    const isAsked = await hasAuthenticator(database, user.id, transaction);
    await database.Authenticator.destroy({ where: { userId: user.id }, transaction });
    if (!isAsked) return false;
    await removeLeftovers(database, user.id, transaction);
    await enqueueNotice(actor, { kind: 'authenticator-removed', user }, transaction);
    return true;
  });
}

/** Makes ten new recovery codes; null where the person has nothing that they could replace. */
export function replaceRecoveryCodes(actor: Actor, user: User): Promise<string[] | null> {
  const { database } = actor.deps;
  return database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, user.id, transaction);
    if (!(await hasSecondFactor(database, user.id, transaction))) return null;
    await enqueueNotice(actor, { kind: 'recovery-codes-renewed', user }, transaction);
    return renewRecoveryCodes(database, user.id, transaction);
  });
}
