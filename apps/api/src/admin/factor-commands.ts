import type { Command } from 'commander';
import { removeAllFactors } from '../acts/remove-all-factors.ts';
import { openFactorKeys } from '../second-factors/factor-keys.ts';
import { RotationUnderWay } from '../second-factors/one-rotation.ts';
import { rotateKeys } from '../second-factors/rotate-keys.ts';
import { showEmail } from '../users/show-email.ts';
import { count } from '../text/count-noun.ts';
import { findPerson } from './find-person.ts';
import { OperatorError } from './operator-error.ts';
import { openSite } from './open-site.ts';

/** `user remove-factors USER`. */
export function addRemoveFactorsCommand(parent: Command): void {
  parent
    .command('remove-factors')
    .description('remove the second factors of a person who has lost them, and end their sessions')
    .argument('<USER>')
    .action(async (text: string) => {
      await using site = await openSite();
      const user = await findPerson(site.database, text);
      const ended = await removeAllFactors(site, user);
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
      const { encryptedAnew, unreadable } = await rotate(site.database, factorKeys);
      console.log(`The new key is in ${factorKeys.path}. Copy the file to your backups.`);
      console.log(`${count(encryptedAnew, 'secret')} encrypted with it.`);
      if (unreadable > 0) {
        console.log(
          `${count(unreadable, 'secret')} could not be read, as the key is missing. Run doctor to see what to do.`,
        );
      }
    });
}

async function rotate(...parts: Parameters<typeof rotateKeys>) {
  try {
    return await rotateKeys(...parts);
  } catch (error) {
    throw error instanceof RotationUnderWay ? new OperatorError(error.message) : error;
  }
}
