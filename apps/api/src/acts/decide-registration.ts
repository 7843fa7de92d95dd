import type { User } from '@latchkey/db';
import type { Transaction } from 'sequelize';
import { APPROVED_MAIL, REFUSED_MAIL } from '../approvals/approval-mails.ts';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import type { Settings } from '../settings/settings.ts';
import type { ActContext } from './act-context.ts';
import { lockPerson, type LockedPerson } from './lock-person.ts';
import { logAct } from './log-act.ts';
import { recordAct } from './record-act.ts';

type MailContext = ActContext & { settings: Pick<Settings, 'mailPlace'> };

/** Does something with a person who waits, whose row is locked. False where they do not wait. */
function decide(
  context: ActContext,
  { id }: Pick<User, 'id'>,
  act: (user: LockedPerson, transaction: Transaction) => Promise<unknown>,
): Promise<boolean> {
  return context.database.sequelize.transaction(async (transaction) => {
    const user = await lockPerson(context, id, transaction);
    if (!user?.waitingSince) return false;
    await act(user, transaction);
    return true;
  });
}

/** Lets a person in who waits, and tells them by mail. False where they do not wait. */
export function approve(context: MailContext, person: Pick<User, 'id'>): Promise<boolean> {
  const { database, settings } = context;
  return decide(context, person, async (user, transaction) => {
    await user.update({ waitingSince: null }, { transaction });
    await recordAct(context, [user.id], { event: 'approved-by-operator' }, transaction);
    const mail = { kind: APPROVED_MAIL, userId: user.id };
    if (settings.mailPlace) await enqueueMail(database, mail, transaction);
  });
}

/** Deletes a person who waits and all that is theirs, and tells them by mail. False where they do not wait. */
export function refuse(context: MailContext, person: Pick<User, 'id'>): Promise<boolean> {
  const { database, settings } = context;
  return decide(context, person, async (user, transaction) => {
    await user.destroy({ transaction });
    const act = { event: 'user_deleted', outcome: 'refused-by-operator', userId: user.id };
    await logAct(context, [act], transaction);
    const mail = { kind: REFUSED_MAIL, recipient: user.email };
    if (settings.mailPlace) await enqueueMail(database, mail, transaction);
  });
}
