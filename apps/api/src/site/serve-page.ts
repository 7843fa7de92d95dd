import { parseNextPath } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from '../server-deps.ts';
import type { LiveSession } from '../sessions/session.ts';
import { dashboardPath, fillDashboard } from './fill-dashboard.ts';
import { forbidStoring, sendPage } from './send-page.ts';
import type { SitePage } from './site-file.ts';
import { takeTyped } from './typed-cookie.ts';

const resetPath = '/reset-password';
const forVisitors = new Set(['/login', '/register']);
/** Pages whose forms come back with what was typed. */
const withForms = new Set([...forVisitors, resetPath, dashboardPath]);

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
  if (page.path === resetPath) reply.header('referrer-policy', 'no-referrer');
  const typed = withForms.has(page.path)
    ? takeTyped(request, reply, deps.settings, page.path)
    : undefined;
  if (live && page.path === dashboardPath) {
    return sendPage(reply, page, await fillDashboard(deps, live, typed, search));
  }
  return sendPage(reply, page, {
    userName: live?.user.name ?? null,
    ...(typed && { typed }),
    ...(next !== null && { next }),
  });
}
