import type { FastifyRequest } from 'fastify';
import { readPendingLogin } from '../http/second-factor-cookies.ts';
import type { ListItem } from '../pages/fill-page.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { countPasskeys } from '../second-factors/passkey.ts';
import { findPendingLogin } from '../second-factors/pending-login.ts';

/** What who gave the password in this browser can show beside a code. */
export async function fillSecondStep(
  { database, settings }: ServerDeps,
  request: FastifyRequest,
): Promise<ListItem> {
  const token = readPendingLogin(request, settings);
  const pending = token === undefined ? null : await findPendingLogin(database, token);
  const hasPasskey = pending !== null && (await countPasskeys(database, pending.user.id)) > 0;
  return { passkey: String(hasPasskey) };
}
