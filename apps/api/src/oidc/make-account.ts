import { isUniqueViolation, type OidcIdentity } from '@latchkey/db';
import { isEmailDomainAllowed, toPersonColumns } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { makeAccount } from '../approvals/make-account.ts';
import { demandAllowance } from '../http/demand-allowance.ts';
import { Refusal } from '../http/refusal.ts';
import { findIdentity } from '../identities/oidc-identity.ts';
import type { ProviderAnswer } from '../identities/provider.ts';
import { makeUnmatchedHash } from '../passwords/unmatched-hash.ts';
import type { Context } from '../procedures/context.ts';
import type { Settings } from '../settings/settings.ts';
import { findUserByEmail } from '../users/find-user.ts';

/** Its owner alone learns of it: the provider has confirmed that the address is theirs. */
const refuseTaken = () => new Refusal('CONFLICT', { reason: 'oidc-email-taken' });

/** Invitations are taken by the form alone: who has one registers there, and links the two. */
const isOpenTo = ({ registration, allowedEmailDomains }: Settings, email: string) =>
  (registration === 'open' || registration === 'approval') &&
  isEmailDomainAllowed(email, allowedEmailDomains);

/** Makes an account without a password for somebody whom the provider vouches for. */
export async function makeAccountOf(ctx: Context, answer: ProviderAnswer): Promise<OidcIdentity> {
  const { deps } = ctx;
  const { database, settings } = deps;
  const { email, name, issuer, subject } = answer;
  if (email === null) throw new Refusal('FORBIDDEN', { reason: 'oidc-email-unverified' });
  if (await findUserByEmail(database, email)) throw refuseTaken();
  if (!isOpenTo(settings, email)) {
    logSecurityEvent(ctx, 'authz_fail', { outcome: 'oidc-no-account' });
    throw new Refusal('FORBIDDEN', { reason: 'oidc-no-account' });
  }
  await demandAllowance(ctx, deps.registrationLimits, 'register');
  const passwordHash = makeUnmatchedHash(settings.password);
  try {
    const identity = await database.sequelize.transaction(async (transaction) => {
      const person = { ...toPersonColumns({ name, email }), passwordHash };
      const user = await makeAccount(deps, { person, invitation: null }, transaction);
      const identity = { userId: user.id, issuer, subject };
      return database.OidcIdentity.create(identity, { transaction });
    });
    logSecurityEvent(ctx, 'user_created', { userId: identity.userId, outcome: 'oidc' });
    await recordActivity(ctx, identity.userId, 'registered');
    return identity;
  } catch (error) {
    // Of two first log-ins at once, the second goes on with what the first has made.
    const made = await findIdentity(database, answer);
    if (made) return made;
    if (isUniqueViolation(error, 'uq_users_email')) throw refuseTaken();
    throw error;
  }
}
