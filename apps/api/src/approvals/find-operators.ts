import type { Database, User } from '@latchkey/db';
import { literal, Op, type Transaction } from 'sequelize';
import { isOperator, OPERATOR_ROLE } from '../users/operator-role.ts';

/** Who has the role of an operator at this moment, and may log in. */
export async function findOperators(
  { User, dialect }: Database,
  transaction?: Transaction,
): Promise<User[]> {
  const hasRole =
    dialect === 'sqlite'
      ? `(EXISTS (SELECT 1 FROM json_each("User"."roles") WHERE value = '${OPERATOR_ROLE}')
          OR json_extract("User"."role_ends", '$.${OPERATOR_ROLE}') IS NOT NULL)`
      : `("User"."roles" @> '["${OPERATOR_ROLE}"]' OR "User"."role_ends" ->> '${OPERATOR_ROLE}' IS NOT NULL)`;
  const where = { [Op.and]: [{ disabledAt: null, waitingSince: null }, literal(hasRole)] };
  const found = await User.findAll({ where, ...(transaction && { transaction }) });
  return found.filter(isOperator);
}
