import { LANDING_PATH, NEXT_PATH_MAX_LENGTH, parseNextPath } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { demandAllowance } from '../http/demand-allowance.ts';
import { forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import { Refusal } from '../http/refusal.ts';
import type { ProviderAnswer } from '../identities/provider.ts';
import { finishLogin } from '../oidc/finish-login.ts';
import { finishProof } from '../oidc/finish-proof.ts';
import { linkAccount } from '../oidc/link-account.ts';
import {
  callbackPath,
  endVisit,
  findVisit,
  startPath,
  writeLoginAddress,
  writeVisitAddress,
  type Visit,
} from '../oidc/visit.ts';
import { createContext, type Context } from '../procedures/context.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { dashboardPath } from './fill-dashboard.ts';
import { oidcPath } from './fill-oidc.ts';
import { redirect, returnToForm } from './form-answer.ts';
import { goOn } from './go-on.ts';

type Query = Record<string, unknown>;
const readText = ({ query }: FastifyRequest, name: string) => {
  const value = (query as Query)[name];
  return typeof value === 'string' ? value : undefined;
};

/** Encoded it may be longer than it came. */
function readNext(request: FastifyRequest): string | null {
  const next = parseNextPath(readText(request, 'next'));
  return next !== null && next.length <= NEXT_PATH_MAX_LENGTH ? next : null;
}

/** Whether another site led here. Who wants to log in does so from a page of this one. */
const isFromElsewhere = ({ headers }: FastifyRequest) =>
  ['cross-site', 'same-site'].includes(headers['sec-fetch-site']?.toString() ?? '');

/** Neither address is kept, found by search engines, or told to the next site. */
function keepPrivate(reply: FastifyReply): void {
  forbidStoring(reply);
  hideFromSearch(reply);
  reply.header('referrer-policy', 'no-referrer');
}

/** The way to the OpenID provider and back, for browsers with and without scripts. */
export function addOidc(server: FastifyInstance, deps: ServerDeps): void {
  const routeOptions = { exposeHeadRoute: false };

  server.get(startPath, routeOptions, async (request, reply) => {
    keepPrivate(reply);
    const next = readNext(request);
    const asked = readText(request, 'visit');
    const path = asked === undefined ? '/login' : oidcPath;
    if (isFromElsewhere(request)) return redirect(reply, path, next, undefined, 302);
    try {
      const ctx = await createContext(deps, request, reply);
      if (asked === undefined && ctx.live) return await reply.redirect(next ?? dashboardPath, 302);
      const address =
        asked === undefined ? await startLogin(ctx, next) : await writeVisitAddress(ctx, asked);
      return await reply.redirect(address, 302);
    } catch (fault) {
      return returnToForm(reply, deps, fault, { path, next, typed: {} });
    }
  });

  server.get(callbackPath, routeOptions, async (request, reply) => {
    keepPrivate(reply);
    const back = { path: '/login', next: null as string | null };
    try {
      const ctx = await createContext(deps, request, reply);
      await demandAllowance(ctx, deps.oidcLimits, 'oidc');
      const found = await findVisit(ctx, readText(request, 'state') ?? '');
      const purpose = found?.attempt.purpose;
      if (ctx.live && purpose !== 'login') back.path = oidcPath;
      back.next = found?.attempt.nextPath ?? null;
      const { search } = new URL(request.url, deps.settings.publicOrigin);
      const answer = await endVisit(ctx, found, search);
      if (purpose === 'login') return await answerLogin(ctx, answer, back.next);
      return await answerMember(ctx, found, answer);
    } catch (fault) {
      return returnToForm(reply, deps, fault, { ...back, typed: {} });
    }
  });
}

async function answerLogin(
  ctx: Context,
  answer: ProviderAnswer,
  next: string | null,
): Promise<FastifyReply> {
  const isFactorAsked = await finishLogin(ctx, answer);
  if (isFactorAsked) return redirect(ctx.reply, '/second-factor', next);
  return goOn(ctx.request, ctx.reply, next ?? LANDING_PATH);
}

async function answerMember(
  { live, ...ctx }: Context,
  found: Visit | null,
  answer: ProviderAnswer,
): Promise<FastifyReply> {
  if (!live || !found) throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  const member = { ...ctx, live };
  if (found.attempt.purpose === 'proof') await finishProof(member, found.attempt, answer);
  else await linkAccount(member, answer);
  const done = found.attempt.purpose === 'proof' ? 'oidc-confirmed' : 'oidc-linked';
  return redirect(ctx.reply, oidcPath, null, done);
}

async function startLogin(ctx: Context, next: string | null): Promise<string> {
  await demandAllowance(ctx, ctx.deps.oidcLimits, 'oidc');
  return writeLoginAddress(ctx, next);
}
