import type { ActContext } from './act-context.ts';
import { lockPeople } from './lock-person.ts';
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
  const { sequelize, Session, RememberedBrowser } = context.database;
  const { id, ...person } = where;
  const remembered = { ...person, ...(id !== undefined && { sessionId: id }) };
  return sequelize.transaction(async (transaction) => {
    const grouped = { attributes: ['userId'], group: ['user_id'] };
    const found = await Session.findAll({ where, ...grouped, transaction });
    // The people's rows before any other.
    const people = await lockPeople(
      context,
      found.map(({ userId }) => userId),
      transaction,
    );
    const ids = people.map(({ id }) => id);
    await recordAct(context, ids, { event: 'signed-out-by-operator' }, transaction);
    await RememberedBrowser.destroy({ where: remembered, transaction });
    return Session.destroy({ where, transaction });
  });
}
