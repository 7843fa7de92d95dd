import type { OidcIdentity, User } from '@latchkey/db';
import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { replaceRoles } from '../identities/provider-roles.ts';
import type { Context } from '../procedures/context.ts';
import { holdPerson } from '../second-factors/hold-person.ts';

/** Notes that an account at the provider is used, and gives its person the roles that it names now. */
export async function takeRoles(
  ctx: Context,
  { id }: OidcIdentity,
  named: readonly string[],
): Promise<void> {
  const { database } = ctx.deps;
  const { User, OidcIdentity } = database;
  const changed = await database.sequelize.transaction(async (transaction) => {
    const found = await OidcIdentity.findByPk(id, { transaction });
    if (!found) return null;
    // The person's row before any other, as whoever removes one of the two does.
    await holdPerson(database, found.userId, transaction);
    const identity = await OidcIdentity.findByPk(id, { transaction });
    const user: User | null = await User.findByPk(found.userId, { transaction });
    if (!identity || !user) return null;
    const before = { roles: user.roles, fromProvider: identity.roles };
    const { roles, fromProvider } = replaceRoles(before, named);
    await identity.update({ roles: fromProvider, lastUsedAt: new Date() }, { transaction });
    if (isSame(roles, user.roles)) return null;
    await User.update({ roles }, { where: { id: user.id }, transaction });
    return user.id;
  });
  if (changed === null) return;
  logSecurityEvent(ctx, 'user_updated', { userId: changed, outcome: 'roles from provider' });
  await recordActivity(ctx, changed, 'oidc-roles-changed');
}

const isSame = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((role) => others.includes(role));
