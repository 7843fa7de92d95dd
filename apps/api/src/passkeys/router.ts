import {
  confirmationInput,
  finishPasskeyLoginInput,
  finishPasskeyProofInput,
  finishRegistrationInput,
  removePasskeyInput,
  renamePasskeyInput,
  startPasskeyLoginInput,
} from '@latchkey/shared';
import { recordActivity, recordActivityInBackground } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { demandFullProof, renewProof, verifyProof } from '../auth/demand-proof.ts';
import { rememberHere } from '../auth/remember-here.ts';
import { refuseLate } from '../auth/second-factor.ts';
import { startSession } from '../auth/start-session.ts';
import { demandAllowance } from '../http/demand-allowance.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { clearPendingLogin } from '../http/second-factor-cookies.ts';
import { createRouter, memberProcedure, publicProcedure } from '../procedures/trpc.ts';
import { renamePasskey } from '../second-factors/passkey.ts';
import { endPendingLogin } from '../second-factors/pending-login.ts';
import { noteSecondFactor } from '../sessions/session.ts';
import { toPublicUser } from '../users/public-user.ts';
import { startLogin, tryPasskey } from './log-in-with-passkey.ts';
import { provePasskey, startProof } from './prove-with-passkey.ts';
import { finishRegistration, startRegistration } from './register-passkey.ts';
import { removePasskey } from './remove-passkey.ts';

const startAdding = memberProcedure.input(confirmationInput).mutation(async ({ ctx, input }) => {
  await demandFullProof(ctx, input);
  const options = await startRegistration(ctx);
  if (!options) throw new Refusal('CONFLICT', { reason: 'too-many-passkeys' });
  return options;
});

const finishAdding = memberProcedure
  .input(finishRegistrationInput)
  .mutation(async ({ ctx, input }) => {
    const { user } = ctx.live;
    const registration = await finishRegistration(ctx, input.response, input.name);
    if (registration.outcome !== 'added') {
      const { outcome: reason } = registration;
      throw new Refusal(reason === 'passkey-not-added' ? 'BAD_REQUEST' : 'CONFLICT', { reason });
    }
    await noteSecondFactor(ctx.deps.database, ctx.live.session);
    logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'passkey added' });
    await recordActivity(ctx, user.id, 'passkey-added');
    const { passkey, recoveryCodes } = registration;
    return { passkey, ...(recoveryCodes && { recoveryCodes }) };
  });

const start = publicProcedure.input(startPasskeyLoginInput).mutation(async ({ ctx, input }) => {
  await demandAllowance(ctx, ctx.deps.passkeyLimits, 'passkey');
  return startLogin(ctx, input);
});

/** Signs in who shows a passkey that checks its person, or any beside the password. */
const finish = publicProcedure.input(finishPasskeyLoginInput).mutation(async ({ ctx, input }) => {
  const { database, settings } = ctx.deps;
  const result = await tryPasskey(ctx, input.response);
  if (result.outcome !== 'logged-in') {
    if ('user' in result) recordActivityInBackground(ctx, result.user.id, 'passkey-failed');
    const reason = result.outcome === 'passkey-unverified' ? 'passkey-unverified' : 'wrong-passkey';
    throw new Refusal('UNAUTHORIZED', { reason });
  }
  const { user, pending } = result;
  // The row goes first: of two at once, one goes on.
  if (pending && !(await endPendingLogin(database, pending.token))) throw refuseLate();
  const staySignedIn = input.staySignedIn ?? pending?.staySignedIn ?? false;
  const session = await startSession(ctx, user, staySignedIn, { hasSecondFactor: true });
  clearPendingLogin(ctx, settings);
  if (!session) throw refuseLate();
  if (input.rememberBrowser) await rememberHere(ctx, session);
  logSecurityEvent(ctx, 'authn_login_success', { userId: user.id, outcome: 'passkey' });
  await recordActivity(ctx, user.id, 'passkey-used');
  return { user: toPublicUser(user) };
});

const startProving = memberProcedure.mutation(async ({ ctx }) => {
  await demandAllowance(ctx, ctx.deps.passkeyLimits, 'passkey');
  const options = await startProof(ctx);
  if (!options) throw notFound;
  return options;
});

/** Takes a passkey in the place of the current password. */
const finishProving = memberProcedure
  .input(finishPasskeyProofInput)
  .mutation(async ({ ctx, input }) => {
    await verifyProof(ctx, () => provePasskey(ctx, input.response));
    await renewProof(ctx, 'passkey');
    return {};
  });

const rename = memberProcedure.input(renamePasskeyInput).mutation(async ({ ctx, input }) => {
  const { user } = ctx.live;
  if (!(await renamePasskey(ctx.deps.database, { userId: user.id, ...input }))) throw notFound;
  logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'passkey renamed' });
  await recordActivity(ctx, user.id, 'passkey-renamed');
  return {};
});

const remove = memberProcedure.input(removePasskeyInput).mutation(async ({ ctx, input }) => {
  const { user } = ctx.live;
  await demandFullProof(ctx, input);
  if (!(await removePasskey(ctx, user, input.id))) throw notFound;
  logSecurityEvent(ctx, 'user_updated', { userId: user.id, outcome: 'passkey removed' });
  await recordActivity(ctx, user.id, 'passkey-removed');
  return {};
});

export const passkeysRouter = createRouter({
  startRegistration: startAdding,
  finishRegistration: finishAdding,
  startLogin: start,
  finishLogin: finish,
  startProof: startProving,
  finishProof: finishProving,
  rename,
  remove,
});
