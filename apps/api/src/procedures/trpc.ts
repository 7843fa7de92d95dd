import { isUnavailable } from '@latchkey/db';
import { initTRPC } from '@trpc/server';
import type { Context } from './context.ts';
import { demandWriteAllowance } from '../http/demand-allowance.ts';
import { lacksRequiredFactor } from '../second-factors/required-factor.ts';
import { describeError } from '../http/describe-error.ts';
import { describeReason, notFound, Refusal, refuseForOverload } from '../http/refusal.ts';
import { isOperator } from '../users/operator-role.ts';

const t = initTRPC.context<Context>().create({
  isDev: false,
  // The answer is written anew, so that nothing of a fault (text, stack, cause) can be in it.
  errorFormatter({ shape, error }) {
    const details = describeError(error);
    const { code, httpStatus, path } = shape.data;
    return {
      code: shape.code,
      message: describeReason(details.reason),
      data: { code, httpStatus, path, ...details },
    };
  },
});

export const createRouter = t.router;
export const mergeRouters = t.mergeRouters;
export const createCallerFactory = t.createCallerFactory;

/** What fails because the database is away is refused with 503. */
const patientProcedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok && isUnavailable(result.error.cause)) throw refuseForOverload(result.error.cause);
  return result;
});

/** What people who are signed in change is counted, whatever it is. */
const countChanges = t.middleware(async ({ ctx, type, next }) => {
  if (type === 'mutation' && ctx.live) await demandWriteAllowance(ctx, ctx.live.user.id);
  return next();
});

/** For everybody. What visitors can change has limits of its own, whoever is signed in. */
export const publicProcedure = patientProcedure;

/** What people need to set a second factor up, and to see to their account meanwhile. */
const opensWithoutFactor = /^(account|activity|auth|factors|oidc|passkeys|sessions)\./;

/** Whoever has to have a second factor gets nothing else before. */
const demandFactor = t.middleware(async ({ ctx: { deps, live }, path, next }) => {
  const { database, settings } = deps;
  const isOpen = !live || opensWithoutFactor.test(path);
  if (!isOpen && (await lacksRequiredFactor(database, settings.factorDemand, live.user))) {
    throw new Refusal('FORBIDDEN', { reason: 'factor-required' });
  }
  return next();
});

/** For everybody, but for nobody else than the person whom the call names. */
export const personProcedure = patientProcedure
  .use(({ ctx: { live, person }, next }) => {
    if (live && person !== undefined && person !== live.user.id) {
      throw new Refusal('CONFLICT', { reason: 'other-person' });
    }
    return next();
  })
  .use(demandFactor)
  .use(countChanges);

/** For people who are signed in: `ctx.live` is there. */
export const memberProcedure = personProcedure.use(({ ctx, next }) => {
  if (!ctx.live) throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  return next({ ctx: { ...ctx, live: ctx.live } });
});

/** For operators: to everybody else there is no such procedure, before anything else is asked. */
export const operatorProcedure = t.procedure
  .use(({ ctx: { live }, next }) => {
    if (!live || !isOperator(live.user)) throw notFound;
    return next();
  })
  .concat(memberProcedure);
