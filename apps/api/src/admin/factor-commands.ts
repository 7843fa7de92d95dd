import type { Command } from 'commander';
import { holdPerson } from '../second-factors/hold-person.ts';
import { removeFactors } from '../second-factors/list-factors.ts';
import { openFactorKeys } from '../second-factors/factor-keys.ts';
import { rotateKeys } from '../second-factors/rotate-keys.ts';
import { showEmail } from '../users/show-email.ts';
import { findPerson } from './find-person.ts';
import { openSite } from './open-site.ts';
import { count } from './print.ts';
import { recordAct } from './record-act.ts';

/** `user remove-factors USER`. */
export function addRemoveFactorsCommand(parent: Command): void {
  parent
    .command('remove-factors')
    .description('remove the second factors of a person who has lost them, and end their sessions')
    .argument('<USER>')
    .action(async (text: string) => {
      await using site = await openSite();
      const { database } = site;
      const user = await findPerson(database, text);
      const ended = await database.sequelize.transaction(async (transaction) => {
        await holdPerson(database, user.id, transaction);
        if ((await removeFactors(database, user.id, transaction)) === 0) return null;
        await recordAct(database, [user.id], { event: 'factors-removed-by-operator' }, transaction);
        return database.Session.destroy({ where: { userId: user.id }, transaction });
      });
      const email = showEmail(user.email);
      if (ended === null) return console.log(`${email} has no second factor. Nothing was changed.`);
      console.log(
        `${email} now logs in with the password alone. ${count(ended, 'session')} ended.`,
      );
    });
}

/** `rotate-key`. */
export function addRotateKeyCommand(parent: Command): void {
  parent
    .command('rotate-key')
    .description('make a new key for the secrets of authenticator apps, and encrypt them with it')
    .action(async () => {
      await using site = await openSite();
      const factorKeys = openFactorKeys(site.settings.dataDir);
      const { encryptedAnew, unreadable } = await rotateKeys(site.database, factorKeys);
      console.log(`The new key is in ${factorKeys.path}. Copy the file to your backups.`);
      console.log(`${count(encryptedAnew, 'secret')} encrypted with it.`);
      if (unreadable > 0) {
        console.log(
          `${count(unreadable, 'secret')} could not be read, as the key is missing. Run doctor to see what to do.`,
        );
      }
    });
}
