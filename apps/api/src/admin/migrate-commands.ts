import { listMigrations, migrate, migrateDown } from '@latchkey/db';
import { InvalidArgumentError, type Command } from 'commander';
import { count } from '../text/count-noun.ts';
import { confirm } from './ask.ts';
import { openAnySite, openExistingSite } from './open-site.ts';
import { formatTable, printJson } from './print.ts';

function parseSteps(text: string): number {
  const steps = Number(text);
  if (!Number.isInteger(steps) || steps < 1) {
    throw new InvalidArgumentError('It must be a whole number from 1.');
  }
  return steps;
}

/** `migrate status`, `migrate up` and `migrate down`. */
export function addMigrateCommands(parent: Command): void {
  parent
    .command('status')
    .description('list migrations that have run and that are pending')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      await using site = await openExistingSite();
      const status = await listMigrations(site.database);
      if (json) return printJson(status);
      const rows = (names: string[], state: string) => names.map((name) => [name, state]);
      const known = status.executed.filter((name) => !status.unknown.includes(name));
      const all = [
        ...rows(known, 'done'),
        ...rows(status.unknown, 'done by a newer version'),
        ...rows(status.pending, 'pending'),
      ];
      console.log(formatTable(['MIGRATION', 'STATE'], all));
    });

  parent
    .command('up')
    .description('run pending migrations; the server also runs them when it starts')
    .action(async () => {
      await using site = await openAnySite();
      const done = await migrate(site.database);
      for (const name of done) console.log(`${name} has run.`);
      console.log('The database is up to date.');
    });

  parent
    .command('down')
    .description('undo the newest migrations; this deletes their tables and data')
    .option('--steps <number>', 'how many to undo', parseSteps, 1)
    .option('--yes', 'do not ask for confirmation')
    .action(async ({ steps, yes }: { steps: number; yes?: true }) => {
      await using site = await openExistingSite();
      const { executed } = await listMigrations(site.database);
      const names = executed.slice(-steps);
      if (names.length === 0) return console.log('No migration has run. Nothing was changed.');
      const what = `This undoes ${count(names.length, 'migration')} (${names.join(', ')}) and deletes the data in their tables.`;
      await confirm({ what, word: 'down', yes });
      for (const name of await migrateDown(site.database, { steps })) {
        console.log(`${name} was undone.`);
      }
    });
}
