import type { Database, User } from '@latchkey/db';
import { col, fn, where } from 'sequelize';

// What is asked for is lowered here, as the limits do: PostgreSQL takes İ for i, and each such spelling
// would have failures of its own to spend on the same account.

/** The person with this email, in any case, or null. */
export function findUserByEmail({ User }: Database, email: string): Promise<User | null> {
  return User.findOne({ where: where(fn('lower', col('email')), email.toLowerCase()) });
}

/** The person with this username, in any case, or null. */
export function findUserByUsername({ User }: Database, username: string): Promise<User | null> {
  return User.findOne({ where: where(fn('lower', col('username')), username.toLowerCase()) });
}

/** The person who logs in with this email or username, in any case, or null. */
export function findUser(database: Database, identifier: string): Promise<User | null> {
  return identifier.includes('@')
    ? findUserByEmail(database, identifier)
    : findUserByUsername(database, identifier);
}
