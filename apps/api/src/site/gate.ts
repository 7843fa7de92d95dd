/**
 * The gate in front of the site. Default deny: what no rule opens further goes only to people who are
 * signed in; what features have goes by their own doors, such as an article through the meter; what does
 * not exist is "not found" for everybody.
 */
import { isMeteredPath, mayOpen, readArticleSlug } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import { getBrowserSession } from '../http/browser-session.ts';
import { forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import { cleanPath, encodePath, readRequestPath } from '../http/request-path.ts';
import type { Door, SiteRequest } from '../pages/door.ts';
import { sendAsset, sendPage } from '../pages/send-page.ts';
import { findPage, type SiteFile } from '../pages/site-file.ts';
import { sendRedirect } from '../pages/site-redirects.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { lacksRequiredFactor } from '../second-factors/required-factor.ts';
import { isConcealed } from './conceal-operator.ts';
import { dashboardPath } from './fill-dashboard.ts';
import { factorsPath } from './fill-factors.ts';
import { redirect } from './form-answer.ts';
import { createPatience } from './patience.ts';
import { problemPath, sendProblem } from './problem.ts';
import { refuseRole } from './refuse-role.ts';
import { refuseVisitor } from './refuse-visitor.ts';
import { servePage } from './serve-page.ts';

/** How long what is public waits to know its reader: longer than for a session that is to slide. */
const PATIENCE_MS = 1000;

/** Pages that are shown, but never under an address of their own. */
const hidden = new Set(['/404', problemPath]);
const isPartOfArticle = (path: string) => isMeteredPath(path) && readArticleSlug(path) === null;

/** What a visitor is sent to the log-in for; any other file is for a page or a program, which cannot log in. */
const isForPeople = (file: SiteFile) => file.kind !== 'asset' || file.isPage === true;

const isDashboard = (path: string) =>
  path === dashboardPath || path.startsWith(`${dashboardPath}/`);

/**
 * Takes "no-cache" off a request with a condition. The word tells caches to ask, and it is us they
 * ask; Node's fetch adds it to each condition, and the file server would then send the whole file.
 */
function dropNoCache({ headers }: FastifyRequest): void {
  if (headers['if-none-match'] ?? headers['if-modified-since']) delete headers['cache-control'];
}

/** @param doors asked in this order, before the site's files */
export function addGate(server: FastifyInstance, deps: ServerDeps, doors: readonly Door[]): void {
  const waitBriefly = createPatience(PATIENCE_MS);
  const { site, access, settings } = deps;
  // A site that was built elsewhere has no metered articles.
  const isHidden = (path: string) =>
    hidden.has(path) || (settings.siteDir === undefined && isPartOfArticle(path));

  async function sendNotFound(request: FastifyRequest, reply: FastifyReply) {
    reply.code(404);
    const page = await findPage(site, '/404');
    if (!page) return sendProblem(request, reply, site, 'not-found');
    const live = await getPublicReader(request, reply);
    // Never as the file: a conditional request or a range would be answered without the page.
    return sendPage(reply, { ...page, send: null }, { reader: live?.user ?? null });
  }

  /**
   * Who reads what is public. It needs no database: where that fails, or keeps a reader waiting, the page
   * is a visitor's.
   */
  function getPublicReader(request: FastifyRequest, reply: FastifyReply) {
    const reader = getBrowserSession(deps, request, reply).catch((fault: unknown) => {
      logFault(request, toTrpcError(fault));
      return null;
    });
    return waitBriefly(reader);
  }

  /** Leads who has to set a second factor up first to the account; false where the reader may go on. */
  async function askForFactor({ request, reply, wanted: { path } }: SiteRequest) {
    const isOpen = access.findAccess(path) === 'public' || isDashboard(path);
    if (isOpen || settings.factorDemand.length === 0) return false;
    const live = await getBrowserSession(deps, request, reply);
    if (!live || !(await lacksRequiredFactor(deps.database, settings.factorDemand, live.user))) {
      return false;
    }
    redirect(reply, factorsPath, null, 'factor-required', 302);
    return true;
  }

  async function serveFile(asked: SiteRequest, file: SiteFile) {
    const { request, reply, wanted } = asked;
    const isPublic = file.access === 'public';
    if (file.kind === 'redirect' && isPublic) return sendRedirect(reply, file, wanted.search);
    if (file.kind === 'asset' && isPublic) return sendAsset(reply, file);
    if (!isPublic) hideFromSearch(reply);
    if (!isPublic && (await askForFactor(asked))) return reply;
    const reader = isPublic
      ? getPublicReader(request, reply)
      : getBrowserSession(deps, request, reply);
    const live = await reader;
    // What is metered has a door; what stands beside it is for members.
    const wantedAccess = file.access === 'metered' ? 'members' : file.access;
    if (!mayOpen(wantedAccess, live?.user.roles ?? null)) {
      return live
        ? refuseRole(deps, asked, { access: wantedAccess, reader: live.user })
        : refuseVisitor(deps, asked, isForPeople(file));
    }
    if (file.kind === 'redirect') return sendRedirect(reply, file, wanted.search);
    if (file.kind === 'asset') return sendAsset(reply, file);
    return servePage(deps, request, reply, { page: file, live, search: wanted.search });
  }

  server.get('/*', async (request, reply) => {
    const wanted = readRequestPath(request);
    if (!wanted || (await isConcealed(deps, request, reply, wanted.path))) {
      return sendNotFound(request, reply);
    }
    dropNoCache(request);
    const asked = { request, reply, wanted };
    for (const { matches, serve } of doors) {
      if (!matches(wanted.path)) continue;
      if ((await askForFactor(asked)) || (await serve(asked))) return reply;
    }
    // A folder may be called like a file: `/x.html` is the address of `x.html/index.html`.
    const clean = site.isListed(wanted.path) ? wanted.path : cleanPath(wanted.path);
    if (isHidden(clean)) return sendNotFound(request, reply);
    const file = await site.find({ ...wanted, path: clean });
    if (!file) return sendNotFound(request, reply);
    if (file.path === wanted.path) return serveFile(asked, file);
    if (file.access !== 'public') forbidStoring(reply);
    return reply.redirect(encodePath(file.path) + wanted.search, 301);
  });
}
