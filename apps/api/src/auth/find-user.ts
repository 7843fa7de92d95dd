import type { Database, User } from '@latchkey/db';
import { col, fn, where } from 'sequelize';

/** The person with this email, in any case, or null. */
export function findUserByEmail({ User }: Database, email: string): Promise<User | null> {
  return User.findOne({ where: where(fn('lower', col('email')), fn('lower', email)) });
}

/** The person with this username, in any case, or null. */
export function findUserByUsername({ User }: Database, username: string): Promise<User | null> {
  return User.findOne({ where: where(fn('lower', col('username')), fn('lower', username)) });
}

/** The person who logs in with this email or username, in any case, or null. */
export function findUser(database: Database, identifier: string): Promise<User | null> {
  return identifier.includes('@')
    ? findUserByEmail(database, identifier)
    : findUserByUsername(database, identifier);
}
