import { readFile } from 'node:fs/promises';
import type { Database, User } from '@latchkey/db';
import type { Command } from 'commander';
import { grantRole, revokeRole, type Change, type Grant } from '../acts/change-person.ts';
import { count } from '../text/count-noun.ts';
import { findPerson } from './find-person.ts';
import { addRoleList } from './list-roles.ts';
import { openSite, type OpenSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import { addGrantOptions, addReason, noteUnknownRole, parseRole } from './role.ts';

/** The people whom a file names, one in a line. */
async function readPeople(database: Database, file: string): Promise<User[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`The file cannot be read: ${reason}. Nothing was changed.`);
  });
  const people = new Map<string, User>();
  const unknown: string[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .entries()) {
    const name = line.trim();
    if (name === '' || name.startsWith('#')) continue;
    const found = await findPerson(database, name).catch((fault: unknown) => {
      if (!(fault instanceof OperatorError)) throw fault;
      unknown.push(`  line ${index + 1}: ${name}`);
    });
    if (found) people.set(found.id, found);
  }
  if (unknown.length > 0) {
    throw new OperatorError(
      ['Nothing was changed. These lines name no account:', ...unknown].join('\n'),
    );
  }
  return [...people.values()];
}

/** Changes one person after the other: a fault leaves those who came before as they are now, and says so. */
async function changeEach(
  people: User[],
  change: (person: User) => Promise<Change>,
): Promise<{ changed: number; endedSessions: number }> {
  let changed = 0;
  let endedSessions = 0;
  for (const person of people) {
    const done = await change(person);
    changed += Number(done.changed);
    endedSessions += done.endedSessions;
  }
  return { changed, endedSessions };
}

type Options = Pick<Grant, 'until' | 'reason'>;

function addMany(
  parent: Command,
  verb: 'grant' | 'revoke',
  description: string,
  change: (site: OpenSite, person: User, grant: Grant) => Promise<Change>,
): void {
  const command = parent
    .command(verb)
    .description(description)
    .argument('<ROLE>', 'such as member', parseRole)
    .argument(
      '<FILE>',
      'one id, email or username in a line; a line that begins with # is left out',
    )
    .action(async (role: string, file: string, options: Options) => {
      await using site = await openSite();
      if (verb === 'grant') noteUnknownRole(site.settings, role);
      const people = await readPeople(site.database, file);
      const { changed, endedSessions } = await changeEach(people, (person) =>
        change(site, person, { ...options, role }),
      );
      const now =
        verb === 'grant' ? `have the role ${role} now` : `no longer have the role ${role}`;
      const same = people.length - changed;
      console.log(
        `${changed} of ${count(people.length, 'person', 'people')} ${now}. ${same} had nothing to change. ${count(endedSessions, 'session')} ended.`,
      );
    });
  if (verb === 'grant') addGrantOptions(command);
  else addReason(command);
}

/** `role list|grant|revoke`. */
export function addRoleCommands(parent: Command): void {
  addRoleList(parent);
  addMany(parent, 'grant', 'give the people of a file a role, and end their sessions', grantRole);
  addMany(
    parent,
    'revoke',
    'take a role from the people of a file, and end their sessions',
    revokeRole,
  );
}
