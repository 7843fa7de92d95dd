import type { Command } from 'commander';
import { toPublicUser } from '../users/public-user.ts';
import { showEmail } from '../users/show-email.ts';
import { findPerson } from './find-person.ts';
import { openSite } from './open-site.ts';
import { printJson, showText } from './print.ts';
import { demandResetLink, showLink } from './reset-link.ts';
import { describeLink } from '../password-resets/reset-link.ts';

/** `password-reset-link USER`. */
export function addResetLinkCommand(parent: Command): void {
  parent
    .command('password-reset-link')
    .description('print a one-time link for a person to set a new password')
    .argument('<USER>')
    .option('--json', 'as JSON')
    .action(async (text: string, { json }: { json?: true }) => {
      await using site = await openSite();
      const user = await findPerson(site.database, text);
      const reset = await demandResetLink(site, user);
      if (json)
        return printJson({ user: toPublicUser(user), ...describeLink(site.settings, reset) });
      console.log(`${showText(user.name)} <${showEmail(user.email)}> can set a new password here:`);
      console.log(showLink(site.settings, reset));
      console.log('Earlier links no longer work. Using this link signs them out on all devices.');
    });
}
