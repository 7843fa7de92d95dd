import type { Database, User } from '@latchkey/db';
import { createPasswordReset, type NewPasswordReset } from '../password-resets/password-reset.ts';
import { RESET_LIFETIME_SECONDS, writeResetLink } from '../password-resets/reset-link.ts';
import type { Settings } from '../settings/settings.ts';
import { showEmail } from '../users/show-email.ts';
import { OperatorError } from './operator-error.ts';
import { showTime } from './print.ts';
import { recordAct } from './record-act.ts';

/** Makes a person's one link to set a new password. Throws an OperatorError when the account is disabled. */
export function makeResetLink(database: Database, { id, email }: User): Promise<NewPasswordReset> {
  return database.sequelize.transaction(async (transaction) => {
    const lock = transaction.LOCK.UPDATE;
    const where = { id, disabledAt: null };
    if (!(await database.User.findOne({ where, transaction, lock }))) {
      throw new OperatorError(
        `${showEmail(email)} is disabled. Nothing was changed. Enable the account first: npm run admin -- user enable ${showEmail(email)}`,
      );
    }
    await recordAct(database, [id], { event: 'reset-link-made' }, transaction);
    return createPasswordReset(database, id, RESET_LIFETIME_SECONDS, transaction);
  });
}

/** A link as it is handed over; the code alone is for browsers without JavaScript. */
export function describeLink(
  settings: Settings,
  { token, expiresAt }: NewPasswordReset,
): { link: string; code: string; expiresAt: string } {
  const link = writeResetLink(settings, token);
  return { link, code: token, expiresAt: expiresAt.toISOString() };
}

/** The same for people to read. */
export function showLink(settings: Settings, reset: NewPasswordReset): string {
  const { link, code } = describeLink(settings, reset);
  return `
  ${link}

Without JavaScript that page asks for the code: ${code}
It is shown this once, and works once, until ${showTime(reset.expiresAt)}. Hand it over in private.`;
}
