import { confirmAuthenticatorInput, confirmationInput } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { demandFullProof } from '../auth/demand-proof.ts';
import { refuseCode } from '../auth/second-factor.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';
import { describeFactors } from '../second-factors/list-factors.ts';
import { noteSecondFactor } from '../sessions/session.ts';
import { addAuthenticator, removeAuthenticator, replaceRecoveryCodes } from './change-factors.ts';
import { drawQrCode, startSetup } from './set-up.ts';

const status = memberProcedure.query(({ ctx: { deps, live } }) =>
  describeFactors(deps.database, live.user.id),
);

const startAuthenticator = memberProcedure
  .input(confirmationInput)
  .mutation(async ({ ctx, input }) => {
    await demandFullProof(ctx, input);
    const setup = await startSetup(ctx.deps, ctx.live);
    if (!setup) throw new Refusal('CONFLICT', { reason: 'authenticator-exists' });
    return { ...setup, qr: drawQrCode(setup) };
  });

const confirmAuthenticator = memberProcedure
  .input(confirmAuthenticatorInput)
  .mutation(async ({ ctx, input }) => {
    const { user } = ctx.live;
    const recoveryCodes = await addAuthenticator(ctx, user, input.code);
    if (!recoveryCodes) throw refuseCode('BAD_REQUEST');
    await noteSecondFactor(ctx.deps.database, ctx.live.session);
    logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'authenticator added' });
    await recordActivity(ctx, user.id, 'authenticator-added');
    return { recoveryCodes };
  });

const remove = memberProcedure.input(confirmationInput).mutation(async ({ ctx, input }) => {
  const { user } = ctx.live;
  await demandFullProof(ctx, input);
  if (await removeAuthenticator(ctx, user)) {
    logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'authenticator removed' });
    await recordActivity(ctx, user.id, 'authenticator-removed');
  }
  return {};
});

const renewRecoveryCodes = memberProcedure
  .input(confirmationInput)
  .mutation(async ({ ctx, input }) => {
    const { user } = ctx.live;
    await demandFullProof(ctx, input);
    const recoveryCodes = await replaceRecoveryCodes(ctx, user);
    if (!recoveryCodes) throw notFound;
    logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'recovery codes renewed' });
    await recordActivity(ctx, user.id, 'recovery-codes-renewed');
    return { recoveryCodes };
  });

export const factorsRouter = createRouter({
  status,
  startAuthenticator,
  confirmAuthenticator,
  removeAuthenticator: remove,
  renewRecoveryCodes,
});
