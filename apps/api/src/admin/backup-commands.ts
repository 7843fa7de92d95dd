import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { backUp, isDatabaseEmpty, restore } from '@latchkey/db';
import type { Command } from 'commander';
import { ownFolder } from '../settings.ts';
import { confirm } from './ask.ts';
import { checkTarget } from './check-target.ts';
import { explainUnwritten } from './explain-unwritten.ts';
import { openSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import { count } from './print.ts';

const notEmpty =
  'The database is not empty, and a restoration would delete all that is in it. Nothing was changed. Back it up, then add --overwrite.';
const migrationsDiffer =
  'The backup is of a version of Latchkey with other migrations than this database has. Nothing was changed. Compare with npm run admin -- migrate status, and restore with the version that made the backup.';

/** `backup FILE` and `restore FILE`. */
export function addBackupCommands(parent: Command): void {
  parent
    .command('backup')
    .description('write a consistent copy of the database, while the server runs')
    .argument('<file>', 'where to; it holds password hashes, so it gets mode 600')
    .option('--overwrite', 'replace the file when it exists')
    .action(async (typed: string, { overwrite }: { overwrite?: true }) => {
      const file = checkTarget(typed, overwrite ?? false);
      await using site = await openSite();
      await backUp(site.database, file).catch((error: unknown) => {
        throw explainUnwritten(file, error);
      });
      const { size } = await stat(file);
      console.log(
        `The database is in ${file} (${count(size, 'byte')}). Keep it as safe as the site.`,
      );
    });

  parent
    .command('restore')
    .description(
      'bring a backup back, of SQLite or PostgreSQL into either; everybody is signed out',
    )
    .argument('<file>', 'made by the command backup')
    .option('--overwrite', 'delete what is in the database now')
    .option('--yes', 'do not ask for confirmation')
    .action(async (typed: string, { overwrite, yes }: { overwrite?: true; yes?: true }) => {
      const file = resolve(ownFolder(), typed);
      await using site = await openSite();
      const { database } = site;
      if (!(await isDatabaseEmpty(database))) {
        if (!overwrite) throw new OperatorError(notEmpty);
        const people = count(await database.User.count(), 'person', 'people');
        const what = `This deletes all that is in the database now, ${people} among it, and puts ${file} in its place.`;
        await confirm({ what, word: 'overwrite', yes });
      }
      const restoration = await restore(database, file, { overwrite: overwrite ?? false });
      switch (restoration.outcome) {
        case 'not-empty':
          throw new OperatorError(notEmpty);
        case 'migrations-differ':
          throw new OperatorError(migrationsDiffer);
        case 'restored':
          console.log(
            `${count(restoration.rows, 'row')} restored. Everybody has to log in again, and feeds need new addresses.`,
          );
      }
    });
}
