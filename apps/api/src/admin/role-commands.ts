import { readFile } from 'node:fs/promises';
import type { Database, User } from '@latchkey/db';
import { accessRules, nameRole } from '@latchkey/shared';
import type { Command } from 'commander';
import { QueryTypes } from 'sequelize';
import { grantRole, revokeRole, type Change, type Grant } from './change-person.ts';
import { findPerson } from './find-person.ts';
import { openSite, type OpenSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import { count, formatTable, printJson, showTime } from './print.ts';
import { addGrantOptions, addReason, listKnownRoles, noteUnknownRole, parseRole } from './role.ts';

type RoleCount = { role: string; people: number; ending: number; nextEnd: string | null };

const queries = {
  sqlite: {
    lasting: `SELECT held.value AS role, count(*) AS people
      FROM users, json_each(users.roles) AS held GROUP BY held.value`,
    ending: `SELECT held.key AS role, count(*) AS people, min(held.value) AS "nextEnd"
      FROM users, json_each(users.role_ends) AS held WHERE held.value > $1 GROUP BY held.key`,
  },
  postgres: {
    lasting: `SELECT held.role, CAST(count(*) AS int) AS people
      FROM users, jsonb_array_elements_text(users.roles) AS held(role) GROUP BY held.role`,
    ending: `SELECT held.role, CAST(count(*) AS int) AS people, min(held.ends) AS "nextEnd"
      FROM users, jsonb_each_text(users.role_ends) AS held(role, ends) WHERE held.ends > $1
      GROUP BY held.role`,
  },
};

/** How many people have each role, and how many of them to an end. */
async function countRoles({
  settings,
  database: { sequelize, dialect },
}: Pick<OpenSite, 'settings' | 'database'>): Promise<RoleCount[]> {
  type Row = { role: string; people: number; nextEnd: string };
  const ask = (query: string, bind: unknown[]) =>
    sequelize.query<Row>(query, { type: QueryTypes.SELECT, bind });
  const lasting = await ask(queries[dialect].lasting, []);
  const ending = await ask(queries[dialect].ending, [new Date().toISOString()]);
  const held = [...lasting, ...ending].map(({ role }) => role);
  return [...new Set([...listKnownRoles(settings), ...held])].toSorted().map((role) => {
    const ends = ending.find((row) => row.role === role);
    const stays = lasting.find((row) => row.role === role);
    return {
      role,
      people: (stays?.people ?? 0) + (ends?.people ?? 0),
      ending: ends?.people ?? 0,
      nextEnd: ends?.nextEnd ?? null,
    };
  });
}

/** The keys of the rules that a role opens. */
const listOpened = (
  { accessRules: rules = accessRules }: OpenSite['settings'],
  role: string,
): string[] =>
  Object.entries(rules).flatMap(([key, access]) =>
    typeof access !== 'string' && access.includes(role) ? key : [],
  );

function addList(parent: Command): void {
  parent
    .command('list')
    .description('list the roles: what people call them, who has them, and what they open')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      await using site = await openSite();
      const roles = await countRoles(site);
      if (json) {
        return printJson(
          roles.map((one) => ({
            ...one,
            name: nameRole(one.role),
            opens: listOpened(site.settings, one.role),
          })),
        );
      }
      const rows = roles.map(({ role, people, ending, nextEnd }) => [
        role,
        nameRole(role),
        String(people),
        nextEnd === null ? '' : `${ending}, the next ${showTime(new Date(nextEnd))}`,
        listOpened(site.settings, role).join(' '),
      ]);
      console.log(formatTable(['ROLE', 'NAME', 'PEOPLE', 'WITH AN END', 'OPENS'], rows));
    });
}

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
  change: (database: Database, person: User, grant: Grant) => Promise<Change>,
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
      const { database } = site;
      if (verb === 'grant') noteUnknownRole(site.settings, role);
      const people = await readPeople(database, file);
      const { changed, endedSessions } = await changeEach(people, (person) =>
        change(database, person, { ...options, role }),
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
  addList(parent);
  addMany(parent, 'grant', 'give the people of a file a role, and end their sessions', grantRole);
  addMany(
    parent,
    'revoke',
    'take a role from the people of a file, and end their sessions',
    revokeRole,
  );
}
