import { secureAccountInput } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { recordFeedRevoked } from '../feed/record-feed-revoked.ts';
import { demandAllowance } from '../http/demand-allowance.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { clearSessionCookies } from '../http/session-cookies.ts';
import { createRouter, publicProcedure } from '../procedures/trpc.ts';
import { stopAccess } from './stop-access.ts';

/** Signs nobody in: whoever has the mail still has to set a password with the next one. */
const secureAccount = publicProcedure
  .input(secureAccountInput)
  .mutation(async ({ ctx, input: { token } }) => {
    const { deps, reply, live } = ctx;
    if (!deps.settings.mailPlace) throw notFound;
    await demandAllowance(ctx, deps.passwordResetLimits, 'secure account');
    const securing = await stopAccess(deps, token);
    if (securing.outcome === 'link-expired') {
      logSecurityEvent(ctx, 'authz_fail', { outcome: securing.outcome });
      throw new Refusal('BAD_REQUEST', { reason: securing.outcome });
    }
    const { id } = securing.user;
    logSecurityEvent(ctx, 'session_ended', { userId: id, outcome: 'account secured' });
    await recordActivity(ctx, id, 'account-secured');
    if (securing.isFeedRevoked) await recordFeedRevoked(ctx, id);
    if (live?.user.id === id) clearSessionCookies(reply, deps.settings);
    return {};
  });

/** Its procedure stands among those of `auth`. */
export const secureAccountRouter = createRouter({ secureAccount });
