import { accessRules, nameRole } from '@latchkey/shared';
import type { Command } from 'commander';
import { QueryTypes } from 'sequelize';
import { showTime } from '../text/show-time.ts';
import { openSite, type OpenSite } from './open-site.ts';
import { formatTable, printJson } from './print.ts';
import { listKnownRoles } from '../users/known-roles.ts';

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

/** `role list`. */
export function addRoleList(parent: Command): void {
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
