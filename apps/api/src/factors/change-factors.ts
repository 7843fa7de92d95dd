import type { Database, User } from '@latchkey/db';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { confirmAuthenticator } from '../second-factors/authenticator.ts';
import { holdPerson } from '../second-factors/hold-person.ts';
import { hasSecondFactor, removeLeftovers } from '../second-factors/list-factors.ts';
import { renewRecoveryCodes } from '../second-factors/recovery-codes.ts';

/** Takes the first code, and returns the recovery codes that come with it; null where it is wrong. */
export function addAuthenticator(
  deps: ServerDeps,
  { id }: User,
  code: string,
): Promise<string[] | null> {
  const { database } = deps;
  return database.sequelize.transaction(async (transaction) => {
    if (!(await confirmAuthenticator(deps, id, code, transaction))) return null;
    return renewRecoveryCodes(database, id, transaction);
  });
}

/** Takes the authenticator away, and what goes with the last factor; false where there is none. */
export function removeAuthenticator(database: Database, { id }: User): Promise<boolean> {
  return database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, id, transaction);
    const count = await database.Authenticator.destroy({ where: { userId: id }, transaction });
    if (count > 0) await removeLeftovers(database, id, transaction);
    return count > 0;
  });
}

/** Makes ten new recovery codes; null where the person has nothing that they could replace. */
export function replaceRecoveryCodes(database: Database, { id }: User): Promise<string[] | null> {
  return database.sequelize.transaction(async (transaction) => {
    const lock = transaction.LOCK.UPDATE;
    if (!(await database.User.findByPk(id, { transaction, lock }))) return null;
    if (!(await hasSecondFactor(database, id, transaction))) return null;
    return renewRecoveryCodes(database, id, transaction);
  });
}
