import type { Database, User } from '@latchkey/db';
import { literal, type Transaction } from 'sequelize';
import { isOperator, OPERATOR_ROLE } from '../users/operator-role.ts';

/** Who has the role of an operator at this moment, and may log in. */
export async function findOperators(
  { User, dialect }: Database,
  transaction?: Transaction,
): Promise<User[]> {
  // The first condition is an index's: few of many people have a role. Others would lead SQLite to read all.
  const hasRole =
    dialect === 'sqlite'
      ? `("User"."roles" <> '[]' OR "User"."role_ends" <> '{}')
          AND (EXISTS (SELECT 1 FROM json_each("User"."roles") WHERE value = '${OPERATOR_ROLE}')
          OR json_extract("User"."role_ends", '$.${OPERATOR_ROLE}') IS NOT NULL)`
      : `("User"."roles" <> '[]'::jsonb OR "User"."role_ends" <> '{}'::jsonb)
          AND ("User"."roles" @> '["${OPERATOR_ROLE}"]' OR "User"."role_ends" ->> '${OPERATOR_ROLE}' IS NOT NULL)`;
  const found = await User.findAll({
    where: literal(hasRole),
    ...(transaction && { transaction }),
  });
  return found.filter(
    (user) => user.disabledAt === null && user.waitingSince === null && isOperator(user),
  );
}
