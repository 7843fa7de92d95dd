import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import type { MemberContext } from '../auth/demand-proof.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { findIdentity, listIdentities, removeIdentities } from '../identities/oidc-identity.ts';
import type { ProviderAnswer } from '../identities/provider.ts';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import { isUnmatchedHash } from '../passwords/unmatched-hash.ts';
import { holdPerson } from '../second-factors/hold-person.ts';

/** Lets an account at the provider log this person in, who gave a proof before they went there. */
export async function linkAccount(ctx: MemberContext, answer: ProviderAnswer): Promise<void> {
  const { database } = ctx.deps;
  const { user } = ctx.live;
  const { issuer, subject } = answer;
  const isNew = await database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, user.id, transaction);
    const found = await findIdentity(database, answer, transaction);
    if (found?.userId === user.id) return false;
    if (found) throw new Refusal('CONFLICT', { reason: 'oidc-in-use' });
    const others = await listIdentities(database, user.id, transaction);
    if (others.some((other) => other.issuer === issuer)) {
      throw new Refusal('CONFLICT', { reason: 'oidc-exists' });
    }
    const identity = { userId: user.id, issuer, subject };
    await database.OidcIdentity.create(identity, { transaction });
    await enqueueNotice(ctx, { kind: 'oidc-linked', user }, transaction);
    return true;
  });
  if (!isNew) return;
  logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'oidc linked' });
  await recordActivity(ctx, user.id, 'oidc-linked');
}

/** Takes one of a person's accounts at providers away, with the roles from it; never the last way in. */
export async function unlinkAccount(ctx: MemberContext, id: string): Promise<void> {
  const { database } = ctx.deps;
  const { user } = ctx.live;
  await database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, user.id, transaction);
    const identities = await listIdentities(database, user.id, transaction);
    if (!identities.some((identity) => identity.id === id)) throw notFound;
    const held = await database.User.findByPk(user.id, { transaction, rejectOnEmpty: true });
    if (identities.length === 1 && isUnmatchedHash(held.passwordHash)) {
      throw new Refusal('CONFLICT', { reason: 'oidc-last-way-in' });
    }
    await removeIdentities(database, { id, userId: user.id }, transaction);
    await database.OidcAttempt.destroy({ where: { userId: user.id }, transaction });
    await enqueueNotice(ctx, { kind: 'oidc-unlinked', user }, transaction);
  });
  logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'oidc unlinked' });
  await recordActivity(ctx, user.id, 'oidc-unlinked');
}
