import type { Database } from '@latchkey/db';
import { Op } from 'sequelize';
import type { FactorKeys } from './factor-keys.ts';
import { beginRotation } from './one-rotation.ts';

const PAGE_ROWS = 500;

/** The encrypted secrets of all people, however many. */
async function* listSecrets({ Authenticator }: Database) {
  for (let last: string | undefined; ;) {
    const page = await Authenticator.findAll({
      attributes: ['userId', 'secret'],
      where: last === undefined ? {} : { userId: { [Op.gt]: last } },
      order: ['userId'],
      limit: PAGE_ROWS,
    });
    yield* page;
    last = page.at(-1)?.userId;
    if (last === undefined) return;
  }
}

/**
 * How many secrets there are, and how many of them have no key in the file any more.
 *
 * @param most how many are looked at
 */
export async function countSecrets(database: Database, factorKeys: FactorKeys, most = Infinity) {
  const counts = { all: 0, unreadable: 0 };
  const keys = factorKeys.readOnce();
  for await (const { secret } of listSecrets(database)) {
    counts.all += 1;
    if (!keys.has(secret)) counts.unreadable += 1;
    if (counts.all >= most) break;
  }
  return counts;
}

/**
 * Makes a new key and encrypts every secret anew with it, beside the running server: that reads the file
 * of the keys each time. The former key stays until the next rotation, for what was written meanwhile.
 * Secrets whose key is missing stay as they are.
 *
 * @throws {RotationUnderWay}
 */
export async function rotateKeys(
  database: Database,
  factorKeys: FactorKeys,
): Promise<{ encryptedAnew: number; unreadable: number }> {
  using _alone = beginRotation(factorKeys.path);
  factorKeys.rotate();
  const keys = factorKeys.readOnce();
  const counts = { encryptedAnew: 0, unreadable: 0 };
  for await (const { userId, secret } of listSecrets(database)) {
    if (!keys.has(secret)) counts.unreadable += 1;
    if (!keys.has(secret) || keys.isCurrent(secret)) continue;
    const anew = keys.encrypt(keys.decrypt(secret, userId), userId);
    // Only in the place of the same secret: the person may have set another app up meanwhile.
    const where = { userId, secret };
    const [count] = await database.Authenticator.update({ secret: anew }, { where });
    counts.encryptedAnew += count;
  }
  factorKeys.dropFormer();
  return counts;
}
