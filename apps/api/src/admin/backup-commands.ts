import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { backUp, isDatabaseEmpty, restore } from '@latchkey/db';
import type { Command } from 'commander';
import { logAct } from '../acts/log-act.ts';
import { forgetKnownEnd } from '../security-log/known-end.ts';
import { ownFolder } from '../settings/settings.ts';
import { count } from '../text/count-noun.ts';
import { confirm } from './ask.ts';
import { checkTarget } from './check-target.ts';
import { explainUnwritten } from './explain-unwritten.ts';
import { openSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';

const notEmpty =
  'The database is not empty. Restoring would delete its data. Nothing was changed. Back it up first, then add --overwrite.';
const migrationsDiffer =
  'The backup comes from a version of Latchkey with different migrations. Nothing was changed. Compare with npm run admin -- migrate status. Restore with the version that made the backup.';

/** `backup FILE` and `restore FILE`. */
export function addBackupCommands(parent: Command): void {
  parent
    .command('backup')
    .description('back up the database to a file; the server can keep running')
    .argument('<file>', 'file to write; it contains password hashes, so it gets mode 600')
    .option('--overwrite', 'replace the file if it exists')
    .action(async (typed: string, { overwrite }: { overwrite?: true }) => {
      const file = checkTarget(typed, overwrite ?? false);
      await using site = await openSite();
      await backUp(site.database, file).catch((error: unknown) => {
        throw explainUnwritten(file, error);
      });
      const { size } = await stat(file);
      console.log(
        `The database is in ${file} (${count(size, 'byte')}). It contains password hashes, so keep it safe.`,
      );
    });

  parent
    .command('restore')
    .description('restore a backup of SQLite or PostgreSQL into either; everyone is signed out')
    .argument('<file>', 'file that the backup command wrote')
    .option('--overwrite', 'delete the current data first')
    .option('--yes', 'do not ask for confirmation')
    .action(async (typed: string, { overwrite, yes }: { overwrite?: true; yes?: true }) => {
      const file = resolve(ownFolder(), typed);
      await using site = await openSite();
      const { database } = site;
      if (!(await isDatabaseEmpty(database))) {
        if (!overwrite) throw new OperatorError(notEmpty);
        const people = count(await database.User.count(), 'person', 'people');
        const what = `This deletes all current data, with ${people}, and restores ${file}.`;
        await confirm({ what, word: 'overwrite', yes });
      }
      const restoration = await restore(database, file, { overwrite: overwrite ?? false });
      switch (restoration.outcome) {
        case 'not-empty':
          throw new OperatorError(notEmpty);
        case 'migrations-differ':
          throw new OperatorError(migrationsDiffer);
        case 'restored':
          // What was noted is of the log that was here before.
          await forgetKnownEnd(site.settings);
          await database.sequelize.transaction((transaction) =>
            logAct(site, [{ event: 'sensitive_update', outcome: 'backup restored' }], transaction),
          );
          console.log(
            `${count(restoration.rows, 'row')} restored. Everyone must log in again, and feeds need new addresses.`,
          );
      }
    });
}
