import type { Database, Passkey, User } from '@latchkey/db';
import type { PublicPasskey } from '@latchkey/shared';
import { Op, type Transaction } from 'sequelize';

/** How many an account may have. */
export const PASSKEYS_MAX = 20;

type Place = { userId: string; id: string };

export const toPublicPasskey = ({ id, name, createdAt, lastUsedAt }: Passkey): PublicPasskey => ({
  id,
  name,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});

/** The passkeys of a person, the oldest first. */
export function listPasskeys({ Passkey }: Database, userId: string): Promise<Passkey[]> {
  const order: [string, string][] = [
    ['createdAt', 'ASC'],
    ['id', 'ASC'],
  ];
  return Passkey.findAll({ where: { userId }, order });
}

export function countPasskeys(
  { Passkey }: Database,
  userId: string,
  transaction?: Transaction,
): Promise<number> {
  return Passkey.count({ where: { userId }, ...(transaction && { transaction }) });
}

/** A passkey and its person; null where there is none, or the person is disabled. */
export async function findPasskey(
  { Passkey, User }: Database,
  id: string,
): Promise<{ passkey: Passkey; user: User } | null> {
  const passkey = await Passkey.findByPk(id);
  if (!passkey) return null;
  const user = await User.findOne({ where: { id: passkey.userId, disabledAt: null } });
  return user && { passkey, user: user.get() };
}

/**
 * Notes that a passkey has signed. False where it is gone, or its counter has not gone on: the key may
 * have been copied. Many devices do not count, and always say 0.
 */
export async function noteUse(
  { Passkey }: Database,
  { id }: Passkey,
  { counter, backedUp }: Pick<Passkey, 'counter' | 'backedUp'>,
): Promise<boolean> {
  // Of two at once with one counter, one finds it still to be taken.
  const earlier = counter === 0 ? 0 : { [Op.lt]: counter };
  const [count] = await Passkey.update(
    { counter, backedUp, lastUsedAt: new Date() },
    { where: { id, counter: earlier } },
  );
  return count > 0;
}

/** Gives a passkey of a person another name; false where it is none of theirs. */
export async function renamePasskey(
  { Passkey }: Database,
  { name, ...where }: Place & { name: string },
): Promise<boolean> {
  const [count] = await Passkey.update({ name }, { where });
  return count > 0;
}
