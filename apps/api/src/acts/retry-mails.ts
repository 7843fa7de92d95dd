import { retryMails } from '../mail/mail-queue.ts';
import type { ActContext } from './act-context.ts';
import { lockPerson } from './lock-person.ts';
import { ACT_EVENT, logAct } from './log-act.ts';

/**
 * Makes a mail due at once that waits or has failed, or all of them, and writes it into the security log.
 * Returns how many there were.
 */
export function sendAgain(context: ActContext, id?: string): Promise<number> {
  const { database, operator } = context;
  return database.sequelize.transaction(async (transaction) => {
    if (operator) await lockPerson(context, operator.id, transaction);
    const count = await retryMails(database, id, transaction);
    const act = { event: ACT_EVENT, outcome: id === undefined ? 'mails-retried' : 'mail-retried' };
    if (count > 0) await logAct(context, [act], transaction);
    return count;
  });
}
