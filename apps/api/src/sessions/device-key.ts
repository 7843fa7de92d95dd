import type { Database } from '@latchkey/db';
import type { Transaction } from 'sequelize';
import { generateToken } from '../tokens/secret-token.ts';

/**
 * The secret that tells the browsers of a person, made where there is none. The person's row is locked,
 * so that two log-ins at once do not make two.
 */
export async function takeDeviceKey(
  { DeviceKey }: Database,
  userId: string,
  transaction: Transaction,
): Promise<string> {
  const found = await DeviceKey.findByPk(userId, { transaction });
  if (found) return found.secret;
  const secret = generateToken();
  await DeviceKey.create({ userId, secret }, { transaction });
  return secret;
}

/** From now on no browser of the person counts as one that was used before. */
export async function endDeviceKey(
  { DeviceKey }: Database,
  userId: string,
  transaction: Transaction,
): Promise<void> {
  await DeviceKey.destroy({ where: { userId }, transaction });
}
