import { parseNextPath, registerInput } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { blogPath, fillBlog } from '../articles/fill-blog.ts';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { isCookieCheck } from './cookie-check.ts';
import { fillSecondStep } from './fill-second-step.ts';
import { dashboardPath, fillDashboard } from './fill-dashboard.ts';
import { factorsPath, fillFactors } from './fill-factors.ts';
import { fillOidc, oidcPath } from './fill-oidc.ts';
import { redirect } from './form-answer.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { sendPage } from '../pages/send-page.ts';
import type { SitePage } from '../pages/site-file.ts';
import { showEmail } from '../users/show-email.ts';
import { isOperatorPath } from './conceal-operator.ts';
import { serveOperator } from './serve-operator.ts';
import { takeTyped } from './typed-cookie.ts';

const secondStepPath = '/second-factor';
const resetPath = '/reset-password';
const securePath = '/secure-account';
const forgottenPath = '/forgot-password';
export const checkEmailPath = '/check-email';
/** Pages whose links have a code. */
const withCodes = new Set([resetPath, securePath, '/confirm-email', '/undo-email']);
const forVisitors = new Set(['/login', '/register', secondStepPath]);
/** Pages that show what was typed. */
const withForms = new Set([
  ...forVisitors,
  ...withCodes,
  forgottenPath,
  checkEmailPath,
  dashboardPath,
  factorsPath,
  oidcPath,
]);

type Visit = {
  page: SitePage;
  /** Who reads it, or null for a visitor. */
  live: LiveSession | null;
  /** The address's query, with its `?`, or empty. */
  search: string;
};

/** Sends a page that its reader may have, with what is theirs in it. */
export async function servePage(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { page, live, search }: Visit,
): Promise<FastifyReply> {
  const isForVisitors = forVisitors.has(page.path);
  const keepsNext = isForVisitors || page.path === checkEmailPath;
  const next = keepsNext ? parseNextPath(new URLSearchParams(search).get('next')) : null;
  if (live && isForVisitors) {
    forbidStoring(reply);
    return reply.redirect(next ?? dashboardPath, 302);
  }
  if (isForVisitors && isCookieCheck(search)) {
    return redirect(reply, page.path, next, 'cookies-blocked', 302);
  }
  if (withCodes.has(page.path)) reply.header('referrer-policy', 'no-referrer');
  const typed = withForms.has(page.path)
    ? takeTyped(request, reply, deps.settings, { path: page.path, reader: live?.user ?? null })
    : undefined;
  if (live && isOperatorPath(page.path)) {
    return serveOperator(deps, request, reply, { page, live, search });
  }
  if (live && page.path === factorsPath) {
    return sendPage(reply, page, await fillFactors(deps, live, typed));
  }
  if (live && page.path === oidcPath) {
    const ctx = { deps, request, reply, live, person: undefined };
    return sendPage(reply, page, await fillOidc(ctx, typed));
  }
  if (live && page.path === dashboardPath) {
    return sendPage(reply, page, await fillDashboard(deps, live, typed, search));
  }
  const htmlSlots =
    page.path === blogPath && !page.isOwners ? await fillBlogOf(deps, request, reply, live) : null;
  const secondStep = page.path === secondStepPath ? await fillSecondStep(deps, request) : null;
  const isOwn = htmlSlots !== null || secondStep !== null;
  return sendPage(reply, isOwn ? { ...page, send: null } : page, {
    reader: live?.user ?? null,
    ...(typed && { typed, slots: nameSentEmail(typed) }),
    ...(next !== null && { next }),
    ...(htmlSlots && { htmlSlots }),
    ...(secondStep && { lists: { secondStep: [secondStep] } }),
  });
}

/** Where the mail went that the page tells of. A cookie may bring anything: only an address is shown. */
function nameSentEmail({ email }: Record<string, string>): Record<string, string> {
  const { data } = registerInput.shape.email.safeParse(email);
  return data === undefined ? {} : { 'sent-email': showEmail(data) };
}

/**
 * What the list of articles shows its reader and nobody else, or null. Without the database the page goes
 * out as it was built.
 */
async function fillBlogOf(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  live: LiveSession | null,
): Promise<Record<string, string> | null> {
  try {
    return await fillBlog(deps, { request, reply, user: live?.user ?? null });
  } catch (fault) {
    logFault(request, toTrpcError(fault));
    return null;
  }
}
