import { parseNextPath } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { blogPath, fillBlog } from '../articles/fill-blog.ts';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { isCookieCheck } from './cookie-check.ts';
import { fillSecondStep } from './fill-second-step.ts';
import { dashboardPath, fillDashboard } from './fill-dashboard.ts';
import { redirect } from './form-answer.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { sendPage } from '../pages/send-page.ts';
import type { SitePage } from '../pages/site-file.ts';
import { takeTyped } from './typed-cookie.ts';

const secondStepPath = '/second-factor';
const resetPath = '/reset-password';
const forgottenPath = '/forgot-password';
const forVisitors = new Set(['/login', '/register', secondStepPath]);
/** Pages whose forms come back with what was typed. */
const withForms = new Set([...forVisitors, forgottenPath, resetPath, dashboardPath]);

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
  const next = isForVisitors ? parseNextPath(new URLSearchParams(search).get('next')) : null;
  if (live && isForVisitors) {
    forbidStoring(reply);
    return reply.redirect(next ?? dashboardPath, 302);
  }
  if (isForVisitors && isCookieCheck(search)) {
    return redirect(reply, page.path, next, 'cookies-blocked', 302);
  }
  if (page.path === resetPath) reply.header('referrer-policy', 'no-referrer');
  const typed = withForms.has(page.path)
    ? takeTyped(request, reply, deps.settings, { path: page.path, reader: live?.user ?? null })
    : undefined;
  if (live && page.path === dashboardPath) {
    return sendPage(reply, page, await fillDashboard(deps, live, typed, search));
  }
  const htmlSlots = page.path === blogPath ? await fillBlogOf(deps, request, reply, live) : null;
  const secondStep = page.path === secondStepPath ? await fillSecondStep(deps, request) : null;
  const isOwn = htmlSlots !== null || secondStep !== null;
  return sendPage(reply, isOwn ? { ...page, send: null } : page, {
    reader: live?.user ?? null,
    ...(typed && { typed }),
    ...(next !== null && { next }),
    ...(htmlSlots && { htmlSlots }),
    ...(secondStep && { lists: { secondStep: [secondStep] } }),
  });
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
