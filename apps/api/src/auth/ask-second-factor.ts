import type { User } from '@latchkey/db';
import type { SecondFactor } from '@latchkey/shared';
import { ForeignKeyConstraintError } from 'sequelize';
import { readRememberedBrowser, setPendingLogin } from '../http/second-factor-cookies.ts';
import type { Context } from '../procedures/context.ts';
import { listSecondFactors } from '../second-factors/list-factors.ts';
import { createPendingLogin } from '../second-factors/pending-login.ts';
import { isRemembered } from '../second-factors/remembered-browser.ts';

/**
 * What has to be shown beside the password in this browser, which then holds the log-in that waits for
 * it; empty where the password is enough, and null where the person was deleted meanwhile.
 *
 * @param user with the hash that the password was verified against
 */
export async function askSecondFactor(
  ctx: Context,
  user: User,
  staySignedIn: boolean,
): Promise<SecondFactor[] | null> {
  const { database, settings } = ctx.deps;
  const factors = await listSecondFactors(database, user.id);
  if (factors.length === 0) return [];
  const token = readRememberedBrowser(ctx.request, settings);
  if (token !== undefined && (await isRemembered(database, token, user.id))) return [];
  try {
    setPendingLogin(ctx, settings, await createPendingLogin(database, user, staySignedIn));
  } catch (error) {
    if (error instanceof ForeignKeyConstraintError) return null;
    throw error;
  }
  return factors;
}
