import type { Database, User } from '@latchkey/db';
import type { Command } from 'commander';
import { approve, refuse } from '../acts/decide-registration.ts';
import { showEmail } from '../users/show-email.ts';
import { confirm } from './ask.ts';
import { findPerson } from './find-person.ts';
import { openSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import { showText } from './print.ts';

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
