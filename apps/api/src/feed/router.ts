import { confirmationInput } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import { readsWithoutLimit } from '../articles/reader.ts';
import { demandProof } from '../auth/demand-proof.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { Refusal } from '../http/refusal.ts';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';
import {
  describeFeed,
  makeFeedAddress,
  revokeFeedAddress,
  writeFeedAddress,
} from './feed-address.ts';
import { recordFeedRevoked } from './record-feed-revoked.ts';

const status = memberProcedure.query(({ ctx }) => describeFeed(ctx.deps.database, ctx.live.user));

const create = memberProcedure.input(confirmationInput).mutation(async ({ ctx, input }) => {
  const { deps, live } = ctx;
  if (!readsWithoutLimit(live.user)) throw new Refusal('FORBIDDEN', { reason: 'forbidden' });
  await demandProof(ctx, input);
  const token = await makeFeedAddress(deps.database, live.session);
  if (token === null) throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  logSecurityEvent(ctx, 'authn_token_created', { userId: live.user.id, outcome: 'feed' });
  await recordActivity(ctx, live.user.id, 'feed-made');
  return { address: writeFeedAddress(deps.settings.publicOrigin, token) };
});

const revoke = memberProcedure.mutation(async ({ ctx }) => {
  const { deps, live } = ctx;
  const wasOn = await revokeFeedAddress(deps.database, live.user.id);
  if (wasOn) await recordFeedRevoked(ctx, live.user.id);
  return {};
});

export const feedRouter = createRouter({ status, create, revoke });
