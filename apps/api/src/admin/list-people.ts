import { domainToASCII } from 'node:url';
import { readInOrder, type Database, type User } from '@latchkey/db';
import { readIdentifier } from '@latchkey/shared';
import { cast, col, fn, Op, where, type WhereOptions } from 'sequelize';
import { toPublicUser } from '../users/public-user.ts';
import { showEmail } from '../users/show-email.ts';
import { showTime } from './print.ts';
import { printJsonList, printTable } from './print-rows.ts';

/** People whose name, email or username holds a text. Not LIKE: the text may hold its wildcards. */
function whoHolds({ dialect }: Database, search: string): WhereOptions {
  const position = dialect === 'sqlite' ? 'instr' : 'strpos';
  const spellings = [...new Set([search, readIdentifier(search), domainToASCII(search) || search])];
  const holds = (column: string) =>
    spellings.map((text) =>
      where(fn(position, fn('lower', col(column)), fn('lower', text)), Op.gt, 0),
    );
  return search === '' ? {} : { [Op.or]: ['name', 'email', 'username'].flatMap(holds) };
}

/** A person as JSON. */
export const describePerson = (user: User) => ({
  ...toPublicUser(user),
  disabledAt: user.disabledAt?.toISOString() ?? null,
});

/** `["member"]` is as long as what is shown of it without these. */
const withoutMarks = ['"', '[', ']', ' '].reduce(
  (text: ReturnType<typeof fn>, mark) => fn('replace', text, mark, ''),
  fn('replace', cast(col('roles'), 'text'), '\\', ''),
);

/** How wide the columns of text must be, as the database counts characters. */
async function measurePeople(
  { User }: Database,
  wanted: WhereOptions,
): Promise<Record<string, number>> {
  const longest = (text: unknown, name: string): [ReturnType<typeof fn>, string] => [
    fn('max', fn('length', text)),
    name,
  ];
  const [widths = {}] = (await User.findAll({
    attributes: [
      ...['name', 'email', 'username'].map((column) => longest(col(column), column)),
      longest(withoutMarks, 'roles'),
    ],
    where: wanted,
    raw: true,
  })) as object[];
  return widths as Record<string, number>;
}

async function showPeople(database: Database, wanted: WhereOptions, people: AsyncIterable<User>) {
  const { name, email, username, roles } = await measurePeople(database, wanted);
  const columns = [
    { heading: 'ID', width: 36 },
    { heading: 'NAME', width: Number(name) },
    { heading: 'EMAIL', width: Number(email) },
    { heading: 'USERNAME', width: Number(username) },
    { heading: 'ROLES', width: Number(roles) },
    { heading: 'STATE', width: 'disabled'.length },
    { heading: 'CREATED', width: 0 },
  ];
  const rows = async function* () {
    for await (const user of people) {
      yield [
        user.id,
        user.name,
        showEmail(user.email),
        user.username ?? '',
        user.roles.join(' '),
        user.disabledAt ? 'disabled' : 'enabled',
        showTime(user.createdAt),
      ];
    }
  };
  await printTable(columns, rows());
}

async function* describePeople(people: AsyncIterable<User>) {
  for await (const user of people) yield describePerson(user);
}

/** Prints everybody whose name, email or username holds a text, the oldest first, however many they are. */
export async function listPeople(
  database: Database,
  search: string,
  isJson: boolean,
): Promise<void> {
  const wanted = whoHolds(database, search);
  const people = readInOrder(database.User, { where: wanted, by: ['createdAt', 'ASC'] });
  await (isJson ? printJsonList(describePeople(people)) : showPeople(database, wanted, people));
}
