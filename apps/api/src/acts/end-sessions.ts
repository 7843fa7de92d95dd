import type { ActContext } from './act-context.ts';
import { recordAct } from './record-act.ts';

/**
 * Ends sessions, and tells it in their people's own security logs. Returns how many there were.
 *
 * @param where the id of one session, or of their people
 */
export function endSessions(
  context: ActContext,
  where: { id?: string; userId?: string | string[] },
): Promise<number> {
  const { database, operator } = context;
  const { sequelize, Session, RememberedBrowser, User } = database;
  const { id, ...person } = where;
  const remembered = { ...person, ...(id !== undefined && { sessionId: id }) };
  return sequelize.transaction(async (transaction) => {
    const grouped = { attributes: ['userId'], group: ['user_id'] };
    const found = await Session.findAll({ where, ...grouped, transaction });
    const userIds = found.map(({ userId }) => userId);
    // The people's rows before any other, and in one order, as whoever ends sessions does.
    const locked = await User.findAll({
      attributes: ['id'],
      where: { id: [...userIds, ...(operator ? [operator.id] : [])] },
      order: ['id'],
      transaction,
      lock: transaction.LOCK.UPDATE,
    });
    const people = locked.map(({ id }) => id).filter((id) => userIds.includes(id));
    await recordAct(context, people, { event: 'signed-out-by-operator' }, transaction);
    await RememberedBrowser.destroy({ where: remembered, transaction });
    return Session.destroy({ where, transaction });
  });
}
