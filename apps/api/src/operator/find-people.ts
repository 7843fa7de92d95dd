import { domainToASCII } from 'node:url';
import type { Database, User } from '@latchkey/db';
import {
  MOST_COUNTED,
  readIdentifier,
  type ListPeople,
  type PeoplePage,
  type PeopleState,
} from '@latchkey/shared';
import { literal, QueryTypes } from 'sequelize';
import { findPage } from './find-page.ts';
import { describePerson } from './known-person.ts';

const PAGE_LENGTH = 50;
/** It stands after every text in the order of bytes. */
const LAST_SIGN = '\u{10ffff}';

/** As the indexes have them, so that a few of a million people are found as fast as a few of a hundred. */
const conditions: Record<Database['dialect'], Record<PeopleState, string>> = {
  sqlite: {
    waiting: 'waiting_since IS NOT NULL',
    disabled: 'disabled_at IS NOT NULL',
    roles: `(roles <> '[]' OR role_ends <> '{}')`,
  },
  postgres: {
    waiting: 'waiting_since IS NOT NULL',
    disabled: 'disabled_at IS NOT NULL',
    roles: `(roles <> '[]'::jsonb OR role_ends <> '{}'::jsonb)`,
  },
};

const bytes = { sqlite: '', postgres: ' COLLATE "C"' };

/** The ids of the first people one of whose columns begins with a text. */
async function findBeginning(
  { sequelize, dialect }: Database,
  { column, text, show }: { column: string; text: string; show: PeopleState | undefined },
): Promise<string[]> {
  const order = bytes[dialect];
  const key = `lower(${column})${order}`;
  const start = `lower($1)${order}`;
  const isShown = show === undefined ? '' : ` AND ${conditions[dialect][show]}`;
  const rows = await sequelize.query<{ id: string }>(
    `SELECT id FROM users WHERE ${key} >= ${start} AND ${key} < (lower($1) || $2)${order}${isShown}
     ORDER BY ${key}, id LIMIT ${PAGE_LENGTH + 1}`,
    { type: QueryTypes.SELECT, bind: [text, LAST_SIGN] },
  );
  return rows.map(({ id }) => id);
}

/** The ways in which a text may stand in the database: an email's domain is kept in ASCII. */
function listSpellings(text: string): string[] {
  const at = text.lastIndexOf('@') + 1;
  const domain = at > 0 ? domainToASCII(text.slice(at)) : '';
  return [
    ...new Set([text, readIdentifier(text), ...(domain ? [text.slice(0, at) + domain] : [])]),
  ];
}

const newestFirst: [string, 'DESC'][] = [
  ['createdAt', 'DESC'],
  ['id', 'DESC'],
];

async function searchPeople(
  database: Database,
  { search, show }: { search: string; show: PeopleState | undefined },
): Promise<User[]> {
  const ids = new Set<string>();
  for (const column of ['email', 'username', 'name']) {
    for (const text of listSpellings(search)) {
      for (const id of await findBeginning(database, { column, text, show })) ids.add(id);
    }
  }
  const some = [...ids].slice(0, PAGE_LENGTH + 1);
  return database.User.findAll({ where: { id: some }, order: newestFirst });
}

/**
 * A page of people, the newest first. A search finds whose email, username or name begins with the text,
 * and has one page: who are more are found by typing more of it.
 */
export async function findPeople(
  database: Database,
  { search = '', show, cursor }: ListPeople = {},
): Promise<PeoplePage> {
  const waiting = await countWaiting(database);
  if (search === '') {
    const where = show === undefined ? [] : [literal(conditions[database.dialect][show])];
    const { rows, isMore } = await findPage(database.User, { where, cursor });
    return { people: rows.map(describePerson), isMore, waiting };
  }
  const found = await searchPeople(database, { search, show });
  const people = found.slice(0, PAGE_LENGTH).map(describePerson);
  return { people, isMore: found.length > PAGE_LENGTH, waiting };
}

/** How many people wait, as far as the page says: the index has them alone. */
async function countWaiting({ sequelize, dialect }: Database): Promise<number> {
  const [row] = await sequelize.query<{ waiting: number | string }>(
    `SELECT count(*) AS waiting FROM
       (SELECT 1 FROM users WHERE ${conditions[dialect].waiting} LIMIT ${MOST_COUNTED}) AS waiting_people`,
    { type: QueryTypes.SELECT },
  );
  return Number(row?.waiting ?? 0);
}
