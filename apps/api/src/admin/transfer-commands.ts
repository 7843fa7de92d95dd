import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readInOrder, isUniqueViolation, type Database, type User } from '@latchkey/db';
import type { Command } from 'commander';
import { logAct } from '../acts/log-act.ts';
import { ownFolder } from '../settings/settings.ts';
import { count } from '../text/count-noun.ts';
import { addPeople, sortRecords, type BadLine } from './import-people.ts';
import { checkTarget } from './check-target.ts';
import { explainUnwritten } from './explain-unwritten.ts';
import { openSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import {
  chooseFormat,
  columns,
  formatPeople,
  readPeopleFile,
  type FilePerson,
} from './people-file.ts';
import { showText } from './print.ts';

const hashForms = `
Columns or keys: ${columns.join(', ')}.
name, email and passwordHash are required. In CSV, separate roles with spaces.
CSV files use commas, semicolons or tabs, and UTF-8.
Hashes: scrypt and PBKDF2 as PHC strings, bcrypt, and the scrypt and PBKDF2 of Werkzeug,
Django and Passlib. Each is replaced with scrypt when its owner next logs in.`;

const PAGE_PEOPLE = 1000;

const describeBad = (bad: BadLine[]) =>
  bad.map(({ line, reasons }) => `  line ${line}: ${showText(reasons.join('; '))}`).join('\n');

type ImportOptions = { skipBad?: true; dryRun?: true };

async function importFile(typed: string, { skipBad, dryRun }: ImportOptions): Promise<void> {
  const file = resolve(ownFolder(), typed);
  await using site = await openSite();
  const records = await readPeopleFile(file);
  const { people, bad } = await sortRecords(site.database, records);
  if (bad.length > 0 && !skipBad) {
    throw new OperatorError(
      `${count(bad.length, 'line')} of ${file} cannot be imported. Nothing was imported.\n${describeBad(bad)}\nCorrect these lines, or add --skip-bad to import the rest.`,
    );
  }
  if (bad.length > 0) console.error(`Left out:\n${describeBad(bad)}`);
  const added = count(people.length, 'person', 'people');
  if (dryRun) return console.log(`${added} would be imported. Nothing was changed.`);
  try {
    await addPeople(site, people);
  } catch (error) {
    if (
      !isUniqueViolation(error, 'uq_users_email') &&
      !isUniqueViolation(error, 'uq_users_username')
    )
      throw error;
    throw new OperatorError(
      'Someone in this file registered during the import. Nobody was imported. Run the command again.',
    );
  }
  const act = { event: 'user_created', outcome: 'imported-by-operator', times: people.length };
  await site.database.sequelize.transaction((transaction) =>
    logAct(site, people.length > 0 ? [act] : [], transaction),
  );
  console.log(`${added} imported.`);
}

async function exportFile(typed: string, overwrite = false): Promise<void> {
  const format = chooseFormat(typed);
  const file = checkTarget(typed, overwrite);
  await using site = await openSite();
  let people = 0;
  async function* write() {
    for await (const page of readPeople(site.database)) {
      yield formatPeople(page, format, people === 0);
      people += page.length;
    }
  }
  await writePrivateFile(file, write());
  console.log(
    `${count(people, 'person', 'people')} in ${file}, with password hashes. Keep the file safe.`,
  );
}

const pickColumns = (user: User) =>
  Object.fromEntries(columns.map((column) => [column, user[column]])) as Required<FilePerson>;

/** Everybody, the oldest first; an empty page where there is nobody. */
async function* readPeople({ User }: Database): AsyncGenerator<Required<FilePerson>[]> {
  let page: Required<FilePerson>[] = [];
  let isFirst = true;
  for await (const user of readInOrder(User, { by: ['createdAt', 'ASC'] })) {
    page.push(pickColumns(user));
    if (page.length < PAGE_PEOPLE) continue;
    yield page;
    page = [];
    isFirst = false;
  }
  if (page.length > 0 || isFirst) yield page;
}

async function writeWhole(file: string, text: AsyncIterable<string>): Promise<void> {
  await using handle = await open(file, 'wx', 0o600);
  await handle.writeFile(text);
  await handle.sync();
}

/** With mode 600 from its first byte on, and under its name only when it is whole. */
async function writePrivateFile(file: string, text: AsyncIterable<string>): Promise<void> {
  // A name that nobody can have taken before, for another file or a link to one.
  const partial = `${file}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await writeWhole(partial, text);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw explainUnwritten(file, error);
  }
}

/** `user import` and `user export`. */
export function addTransferCommands(parent: Command): void {
  parent
    .command('import')
    .description(
      'import people and their password hashes from a file; one bad line stops the import',
    )
    .argument('<file>', '.csv or .jsonl')
    .option('--skip-bad', 'skip lines that cannot be imported')
    .option('--dry-run', 'check the file without changing anything')
    .addHelpText('after', hashForms)
    .action(importFile);

  parent
    .command('export')
    .description('export all people and their password hashes to a file')
    .argument('<file>', '.csv or .jsonl; it gets mode 600')
    .option('--overwrite', 'replace the file if it exists')
    .action((file: string, { overwrite }: { overwrite?: true }) => exportFile(file, overwrite));
}
