import { confirmationInput, listPageInput, revokeSessionInput } from '@latchkey/shared';
import { Op } from 'sequelize';
import { recordActivity } from '../activity/record-activity.ts';
import { demandProof } from '../auth/demand-proof.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { notFound } from '../http/refusal.ts';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';
import { forgetBrowsers } from '../second-factors/remembered-browser.ts';
import { listSessions } from '../sessions/list-sessions.ts';
import { clearSessionCookies } from '../http/session-cookies.ts';

const list = memberProcedure
  .input(listPageInput)
  .query(({ ctx, input }) => listSessions(ctx.deps.database, ctx.live.session, input));

const revoke = memberProcedure.input(revokeSessionInput).mutation(async ({ ctx, input }) => {
  const { deps, live, reply } = ctx;
  await demandProof(ctx, input);
  const ended = await deps.database.Session.destroy({
    where: { id: input.id, userId: live.user.id },
  });
  if (ended === 0) throw notFound;
  await forgetBrowsers(deps.database, { userId: live.user.id, of: input.id });
  logSecurityEvent(ctx, 'session_ended', { userId: live.user.id, outcome: 'revoked' });
  await recordActivity(ctx, live.user.id, 'session-ended');
  if (input.id === live.session.id) clearSessionCookies(reply, deps.settings);
  return {};
});

const revokeOthers = memberProcedure.input(confirmationInput).mutation(async ({ ctx, input }) => {
  const { deps, live } = ctx;
  await demandProof(ctx, input);
  const ended = await deps.database.Session.destroy({
    where: { userId: live.user.id, id: { [Op.ne]: live.session.id } },
  });
  await forgetBrowsers(deps.database, { userId: live.user.id, butOf: live.session.id });
  if (ended > 0) {
    logSecurityEvent(ctx, 'session_ended', { userId: live.user.id, outcome: 'revoked others' });
    await recordActivity(ctx, live.user.id, 'other-sessions-ended');
  }
  return { ended };
});

export const sessionsRouter = createRouter({ list, revoke, revokeOthers });
