import type { Database, User } from '@latchkey/db';
import { cleanIdentifier, readIdentifier } from '@latchkey/shared';
import { col, fn, Op, where } from 'sequelize';

// What is asked for is lowered here, as the limits do: PostgreSQL takes İ for i, and each such spelling
// would have failures of its own to spend on the same account.

/** The person with this email, in any spelling, or null. */
export async function findUserByEmail({ User }: Database, email: string): Promise<User | null> {
  const normal = readIdentifier(email).toLowerCase();
  // A row that an operator wrote into the database by hand may be in another form.
  const spellings = [normal, email.toLowerCase()];
  const found = await User.findAll({
    where: where(fn('lower', col('email')), { [Op.in]: spellings }),
  });
  return found.find((user) => user.email.toLowerCase() === normal) ?? found[0] ?? null;
}

/** The person with this username, in any case, or null. */
export function findUserByUsername({ User }: Database, username: string): Promise<User | null> {
  const lowered = cleanIdentifier(username).toLowerCase();
  return User.findOne({ where: where(fn('lower', col('username')), lowered) });
}

/** The person who logs in with this email or username, in any spelling, or null. */
export function findUser(database: Database, identifier: string): Promise<User | null> {
  return readIdentifier(identifier).includes('@')
    ? findUserByEmail(database, identifier)
    : findUserByUsername(database, identifier);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is the id of a row. */
export const isId = (text: string): boolean => uuid.test(text);

/** The person with this id, email or username, in any spelling, or null. */
export function findTypedPerson(database: Database, typed: string): Promise<User | null> {
  const text = cleanIdentifier(typed);
  return isId(text) ? database.User.findByPk(text.toLowerCase()) : findUser(database, text);
}
