import type { User } from '@latchkey/db';
import { cleanCode, isAuthenticatorCode } from '@latchkey/shared';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import type { Context } from '../procedures/context.ts';
import { takeCode } from '../second-factors/authenticator.ts';
import { takeRecoveryCode } from '../second-factors/recovery-codes.ts';

/** Which of the person's factors a code is, used up with this; null where it is none. */
export async function takeFactor(
  ctx: Context,
  user: User,
  code: string,
): Promise<'authenticator' | 'recovery-code' | null> {
  const { deps } = ctx;
  if (isAuthenticatorCode(code)) {
    return (await takeCode(deps, user, cleanCode(code))) ? 'authenticator' : null;
  }
  const isTaken = await deps.database.sequelize.transaction(async (transaction) => {
    if (!(await takeRecoveryCode(deps.database, user.id, code, transaction))) return false;
    await enqueueNotice(ctx, { kind: 'recovery-code-used', user }, transaction);
    return true;
  });
  return isTaken ? 'recovery-code' : null;
}
