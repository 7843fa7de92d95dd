import type { FastifyRequest } from 'fastify';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import { readPendingLogin } from '../http/second-factor-cookies.ts';
import type { ListItem } from '../pages/fill-page.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { countPasskeys } from '../second-factors/passkey.ts';
import { findPendingLogin } from '../second-factors/pending-login.ts';

/**
 * What who gave the password in this browser can show beside a code. Null for everybody else, and
 * without the database: the page as it was built offers everything.
 */
export async function fillSecondStep(
  { database, settings }: ServerDeps,
  request: FastifyRequest,
): Promise<ListItem | null> {
  const token = readPendingLogin(request, settings);
  if (token === undefined) return null;
  try {
    const pending = await findPendingLogin(database, token);
    if (!pending) return null;
    return { passkey: String((await countPasskeys(database, pending.user.id)) > 0) };
  } catch (fault) {
    logFault(request, toTrpcError(fault));
    return null;
  }
}
