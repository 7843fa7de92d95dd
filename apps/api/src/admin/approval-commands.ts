import type { Database, User } from '@latchkey/db';
import type { Command } from 'commander';
import { Op } from 'sequelize';
import { APPROVED_MAIL, REFUSED_MAIL } from '../approvals/approval-mails.ts';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { showEmail } from '../users/show-email.ts';
import { confirm } from './ask.ts';
import { findPerson } from './find-person.ts';
import { logAct } from './log-act.ts';
import { openSite, type OpenSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import { showText } from './print.ts';
import { recordAct } from './record-act.ts';

type Site = Pick<OpenSite, 'database' | 'settings'>;
const isWaiting = { waitingSince: { [Op.ne]: null } };

/** Lets a person in who waits, and tells them by mail. False where they do not wait. */
function approve({ database, settings }: Site, { id }: User): Promise<boolean> {
  return database.sequelize.transaction(async (transaction) => {
    const where = { id, ...isWaiting };
    const [count] = await database.User.update({ waitingSince: null }, { where, transaction });
    if (count === 0) return false;
    await recordAct(database, [id], { event: 'approved-by-operator' }, transaction);
    const mail = { kind: APPROVED_MAIL, userId: id };
    if (settings.mailPlace) await enqueueMail(database, mail, transaction);
    return true;
  });
}

/** Deletes a person who waits and all that is theirs, and tells them by mail. False where they do not wait. */
function refuse({ database, settings }: Site, { id, email }: User): Promise<boolean> {
  return database.sequelize.transaction(async (transaction) => {
    const where = { id, ...isWaiting };
    if ((await database.User.destroy({ where, transaction })) === 0) return false;
    const act = { event: 'user_deleted', outcome: 'refused-by-operator', userId: id };
    await logAct(database, [act], transaction);
    const mail = { kind: REFUSED_MAIL, recipient: email };
    if (settings.mailPlace) await enqueueMail(database, mail, transaction);
    return true;
  });
}

const describeNotWaiting = ({ email }: User) =>
  `${showEmail(email)} does not wait for approval. Nothing was changed.`;

async function findWaiting(database: Database, text: string): Promise<User> {
  const user = await findPerson(database, text);
  if (user.waitingSince) return user;
  throw new OperatorError(
    `${describeNotWaiting(user)} To delete an account: npm run admin -- user delete USER`,
  );
}

/** `user approve USER` and `user refuse USER`. */
export function addApprovalCommands(parent: Command): void {
  parent
    .command('approve')
    .description('let a person in who has registered and waits')
    .argument('<USER>')
    .action(async (text: string) => {
      await using site = await openSite();
      const user = await findPerson(site.database, text);
      const isDone = await approve(site, user);
      console.log(isDone ? `${showEmail(user.email)} can log in now.` : describeNotWaiting(user));
    });

  parent
    .command('refuse')
    .description('delete the registration of a person who waits, and all their data')
    .argument('<USER>')
    .option('--yes', 'do not ask for confirmation')
    .action(async (text: string, { yes }: { yes?: true }) => {
      await using site = await openSite();
      const user = await findWaiting(site.database, text);
      const email = showEmail(user.email);
      const what = `This deletes the registration of ${showText(user.name)} <${email}>.`;
      await confirm({ what, word: email, yes });
      const isDone = await refuse(site, user);
      console.log(isDone ? `${email} is refused and deleted.` : describeNotWaiting(user));
    });
}
