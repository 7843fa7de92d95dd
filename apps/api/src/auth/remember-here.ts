import type { Session } from '@latchkey/db';
import { setRememberedBrowser } from '../http/second-factor-cookies.ts';
import type { Context } from '../procedures/context.ts';
import { rememberBrowser } from '../second-factors/remembered-browser.ts';

/** Asks for no second factor in this browser for 30 days. */
export async function rememberHere(ctx: Context, { id, userId }: Session): Promise<void> {
  const { database, settings } = ctx.deps;
  const owner = { userId, sessionId: id };
  setRememberedBrowser(ctx, settings, await rememberBrowser(database, owner));
}
