import { listMigrations, migrate, migrateDown } from '@latchkey/db';
import { InvalidArgumentError, type Command } from 'commander';
import { confirm } from './ask.ts';
import { openAnySite, openExistingSite } from './open-site.ts';
import { count, formatTable, printJson } from './print.ts';

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
    .description('which migrations have run, and which are to come')
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
    .description('run all that are pending; the server does so itself when it starts')
    .action(async () => {
      await using site = await openAnySite();
      const done = await migrate(site.database);
      for (const name of done) console.log(`${name} has run.`);
      console.log('The database is up to date.');
    });

  parent
    .command('down')
    .description('take the newest back: their tables go, with all that is in them')
    .option('--steps <number>', 'how many', parseSteps, 1)
    .option('--yes', 'do not ask for confirmation')
    .action(async ({ steps, yes }: { steps: number; yes?: true }) => {
      await using site = await openExistingSite();
      const { executed } = await listMigrations(site.database);
      const names = executed.slice(-steps);
      if (names.length === 0) return console.log('No migration has run, so none was taken back.');
      const what = `This takes back ${count(names.length, 'migration')} (${names.join(', ')}) and deletes what their tables hold.`;
      await confirm({ what, word: 'down', yes });
      for (const name of await migrateDown(site.database, { steps })) {
        console.log(`${name} was taken back.`);
      }
    });
}
