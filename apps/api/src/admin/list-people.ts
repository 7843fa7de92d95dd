import { domainToASCII } from 'node:url';
import { readInOrder, type Database, type User } from '@latchkey/db';
import { readIdentifier } from '@latchkey/shared';
import { col, fn, Op, where as compare, type WhereOptions } from 'sequelize';
import { describePerson } from '../operator/known-person.ts';
import { currentRoles } from '../users/current-roles.ts';
import { showEmail } from '../users/show-email.ts';
import { showTime } from '../text/show-time.ts';
import { printJsonList, printTable } from './print-rows.ts';

/** People whose name, email or username holds a text. Not LIKE: the text may hold its wildcards. */
function whoHolds({ dialect }: Database, search: string): WhereOptions {
  const position = dialect === 'sqlite' ? 'instr' : 'strpos';
  const spellings = [...new Set([search, readIdentifier(search), domainToASCII(search) || search])];
  const holds = (column: string) =>
    spellings.map((text) =>
      compare(fn(position, fn('lower', col(column)), fn('lower', text)), Op.gt, 0),
    );
  return search === '' ? {} : { [Op.or]: ['name', 'email', 'username'].flatMap(holds) };
}

const columns = [
  { heading: 'ID' },
  { heading: 'NAME' },
  { heading: 'EMAIL' },
  { heading: 'USERNAME' },
  { heading: 'ROLES' },
  { heading: 'STATE', width: 'disabled'.length },
  { heading: 'CREATED' },
];

const describeState = ({ disabledAt, waitingSince }: User): string => {
  if (disabledAt) return 'disabled';
  return waitingSince ? 'waiting' : 'enabled';
};

async function* showPeople(people: AsyncIterable<User>): AsyncGenerator<string[]> {
  for await (const user of people) {
    yield [
      user.id,
      user.name,
      showEmail(user.email),
      user.username ?? '',
      currentRoles(user).join(' '),
      describeState(user),
      showTime(user.createdAt),
    ];
  }
}

async function* describePeople(people: AsyncIterable<User>) {
  for await (const user of people) yield describePerson(user);
}

type ListOptions = { search?: string; waiting?: boolean; json?: boolean };

/**
 * Prints everybody whose name, email or username holds a text, or those of them who wait for approval, the
 * oldest first, however many they are.
 */
export async function listPeople(
  database: Database,
  { search = '', waiting = false, json: isJson = false }: ListOptions,
): Promise<void> {
  const held = whoHolds(database, search);
  const where = waiting ? { [Op.and]: [held, { waitingSince: { [Op.ne]: null } }] } : held;
  const people = readInOrder(database.User, { where, by: ['createdAt', 'ASC'] });
  await (isJson ? printJsonList(describePeople(people)) : printTable(columns, showPeople(people)));
}
