import type { Database, OidcIdentity } from '@latchkey/db';
import type { LinkedAccount } from '@latchkey/shared';
import type { Transaction, WhereOptions } from 'sequelize';

/** What names an account at a provider. */
export type Subject = Pick<OidcIdentity, 'issuer' | 'subject'>;

export function findIdentity(
  { OidcIdentity }: Database,
  { issuer, subject }: Subject,
  transaction?: Transaction,
): Promise<OidcIdentity | null> {
  return OidcIdentity.findOne({ where: { issuer, subject }, transaction: transaction ?? null });
}

/** The accounts at providers that log a person in, the oldest first. */
export function listIdentities(
  { OidcIdentity }: Database,
  userId: string,
  transaction?: Transaction,
): Promise<OidcIdentity[]> {
  const order: [string, string][] = [
    ['createdAt', 'ASC'],
    ['id', 'ASC'],
  ];
  return OidcIdentity.findAll({ where: { userId }, order, transaction: transaction ?? null });
}

export const toLinkedAccount = (identity: OidcIdentity): LinkedAccount => ({
  id: identity.id,
  provider: URL.parse(identity.issuer)?.host ?? identity.issuer,
  createdAt: identity.createdAt.toISOString(),
  lastUsedAt: identity.lastUsedAt?.toISOString() ?? null,
});

/**
 * Takes accounts at providers away from a person, with the roles that came from them. The caller holds
 * the person's row. Returns how many it took.
 */
export async function removeIdentities(
  { OidcIdentity, User }: Database,
  where: WhereOptions<OidcIdentity> & { userId: string },
  transaction: Transaction,
): Promise<number> {
  const leaving = await OidcIdentity.findAll({ where, transaction });
  const user = await User.findByPk(where.userId, { transaction });
  const lost = new Set(leaving.flatMap(({ roles }) => roles));
  if (user && lost.size > 0) {
    const roles = user.roles.filter((role) => !lost.has(role));
    await user.update({ roles }, { transaction });
  }
  for (const identity of leaving) await identity.destroy({ transaction });
  return leaving.length;
}
