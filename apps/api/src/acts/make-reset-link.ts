import type { User } from '@latchkey/db';
import { createPasswordReset, type NewPasswordReset } from '../password-resets/password-reset.ts';
import { RESET_LIFETIME_SECONDS } from '../password-resets/reset-link.ts';
import type { ActContext } from './act-context.ts';
import { lockPerson } from './lock-person.ts';
import { recordAct } from './record-act.ts';

/** Makes a person's one link to set a new password, or null where there is none or the account is disabled. */
export function makeResetLink(
  context: ActContext,
  { id }: Pick<User, 'id'>,
): Promise<NewPasswordReset | null> {
  const { database } = context;
  return database.sequelize.transaction(async (transaction) => {
    const user = await lockPerson(context, id, transaction);
    if (!user || user.disabledAt) return null;
    await recordAct(context, [id], { event: 'reset-link-made' }, transaction);
    return createPasswordReset(database, id, RESET_LIFETIME_SECONDS, transaction);
  });
}
