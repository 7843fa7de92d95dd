import { isUniqueViolation, type User } from '@latchkey/db';
import { personInput, toPersonColumns, type PersonInput } from '@latchkey/shared';
import { recordAct } from '../acts/record-act.ts';
import { createPasswordReset, type NewPasswordReset } from '../password-resets/password-reset.ts';
import { makeUnmatchedHash } from '../passwords/unmatched-hash.ts';
import { showEmail } from '../users/show-email.ts';
import type { OpenSite } from './open-site.ts';
import { OperatorError, UsageError } from './operator-error.ts';

const INVITATION_LIFETIME_SECONDS = 24 * 3600;

/**
 * Makes an account that no password opens yet, and the link with which its person sets the first.
 *
 * @see docs/decisions/0012-accounts-made-by-an-operator.md
 */
export async function createPerson(
  site: OpenSite,
  person: PersonInput,
  roles: string[],
): Promise<{ user: User; reset: NewPasswordReset }> {
  const parsed = personInput.safeParse(person);
  if (!parsed.success) {
    const sentences = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
    throw new UsageError(`Nobody was added. ${sentences.join(' ')}`);
  }
  const { database, settings } = site;
  const columns = toPersonColumns(parsed.data);
  const passwordHash = makeUnmatchedHash(settings.password);
  try {
    return await database.sequelize.transaction(async (transaction) => {
      const attributes = { ...columns, roles, passwordHash };
      const user = await database.User.create(attributes, { transaction });
      await recordAct(site, [user.id], { event: 'made-by-operator' }, transaction);
      const lifetime = INVITATION_LIFETIME_SECONDS;
      return { user, reset: await createPasswordReset(database, user.id, lifetime, transaction) };
    });
  } catch (error) {
    const taken = isUniqueViolation(error, 'uq_users_email')
      ? `email ${showEmail(columns.email)}`
      : isUniqueViolation(error, 'uq_users_username') && `username ${String(columns.username)}`;
    if (!taken) throw error;
    throw new OperatorError(
      `Nobody was added. Another account has the ${taken}. Choose another, or see that account with npm run admin -- user show.`,
    );
  }
}
