/**
 * The gate in front of the site. Default deny: what is not on the list of public paths goes only to
 * people who are signed in; an article goes through the meter; a person's own feed goes to whoever has
 * its secret address; what does not exist is "not found" for everybody.
 */
import { isUnavailable } from '@latchkey/db';
import { isMeteredPath, readArticleSlug } from '@latchkey/shared';
import { basename } from 'node:path';
import { create as createDisposition } from 'content-disposition';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serveArticle } from '../articles/serve-article.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { getBrowserSession } from '../http/browser-session.ts';
import { findFeedOwner, noteFeedUse, readFeedToken } from '../feed/feed-address.ts';
import { sendOwnFeed } from '../feed/serve-feed.ts';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { findDownload, isDownloadPath } from './downloads.ts';
import { linkLogin } from './link-login.ts';
import { mendResetLink } from '../password-resets/mend-reset-link.ts';
import { createPatience } from './patience.ts';
import { problemPath, sendProblem } from './problem.ts';
import { cleanPath, encodePath, readRequestPath, type RequestPath } from '../http/request-path.ts';
import { forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import { sendAsset, sendPage } from '../pages/send-page.ts';
import { sendFile } from '../pages/send-file.ts';
import { servePage } from './serve-page.ts';
import { findPage, type SiteFile } from '../pages/site-file.ts';
import { sendRedirect } from '../pages/site-redirects.ts';

/** How long what is public waits to know its reader: longer than for a session that is to slide. */
const PATIENCE_MS = 1000;

/** Pages that are shown, but never under an address of their own. */
const hidden = new Set(['/404', problemPath]);
const isHidden = (path: string) =>
  hidden.has(path) || (isMeteredPath(path) && readArticleSlug(path) === null);

/**
 * Takes "no-cache" off a request with a condition. The word tells caches to ask, and it is us they
 * ask; Node's fetch adds it to each condition, and the file server would then send the whole file.
 */
function dropNoCache({ headers }: FastifyRequest): void {
  if (headers['if-none-match'] ?? headers['if-modified-since']) delete headers['cache-control'];
}

export function addGate(server: FastifyInstance, deps: ServerDeps): void {
  const waitBriefly = createPatience(PATIENCE_MS);
  const { site, downloadsFolder } = deps;

  async function sendNotFound(request: FastifyRequest, reply: FastifyReply) {
    reply.code(404);
    const page = await findPage(site, '/404');
    if (!page) return sendProblem(request, reply, site, 'not-found');
    const live = await getPublicReader(request, reply);
    // Never as the file: a conditional request or a range would be answered without the page.
    return sendPage(reply, { ...page, send: null }, { reader: live?.user ?? null });
  }

  /** Turns a visitor away from something that exists: a page to the log-in, anything else with 401. */
  function refuseVisitor(
    request: FastifyRequest,
    reply: FastifyReply,
    { path, search }: RequestPath,
    kind: SiteFile['kind'],
  ) {
    logSecurityEvent({ deps, request }, 'authz_fail', { outcome: 'sign-in-required' });
    forbidStoring(reply);
    const login = linkLogin(encodePath(path) + search, 'sign-in-required');
    if (kind !== 'asset') return reply.redirect(login, 302);
    reply.code(401);
    return sendProblem(request, reply, site, 'sign-in-required', { href: login, label: 'Log in' });
  }

  async function serveDownload(request: FastifyRequest, reply: FastifyReply, wanted: RequestPath) {
    const fileName = await findDownload(downloadsFolder, wanted.path);
    if (fileName === null) return sendNotFound(request, reply);
    hideFromSearch(reply);
    if (!(await getBrowserSession(deps, request, reply))) {
      return refuseVisitor(request, reply, wanted, 'asset');
    }
    forbidStoring(reply);
    reply.header('content-disposition', createDisposition(basename(fileName)));
    return sendFile(reply, { folder: downloadsFolder, name: fileName });
  }

  /** A person's own feed: its address is all the proof there is. One that opens nothing does not exist. */
  async function serveFeed(request: FastifyRequest, reply: FastifyReply, token: string) {
    const owner = await findFeedOwner(deps.database, token);
    if (!owner) return sendNotFound(request, reply);
    if (request.method === 'GET')
      await noteFeedUse(deps.database, token).catch(goOnSending(request));
    return sendOwnFeed(reply, deps, owner);
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

  /** A feed is sent, also where it cannot be noted that it was. */
  const goOnSending = (request: FastifyRequest) => (fault: unknown) => {
    if (!isUnavailable(fault)) throw fault;
    request.log.warn({ err: fault }, 'The use of a feed could not be noted.');
  };

  async function serveFile(
    request: FastifyRequest,
    reply: FastifyReply,
    wanted: RequestPath,
    file: SiteFile,
  ) {
    const slug = readArticleSlug(wanted.path);
    if (slug !== null && file.kind === 'page' && !file.isPublic) {
      return serveArticle(deps, request, reply, { page: file, slug });
    }
    if (file.kind === 'redirect' && file.isPublic) return sendRedirect(reply, file, wanted.search);
    if (file.kind === 'asset' && file.isPublic) return sendAsset(reply, file);
    if (!file.isPublic) hideFromSearch(reply);
    const reader = file.isPublic
      ? getPublicReader(request, reply)
      : getBrowserSession(deps, request, reply);
    const live = await reader;
    if (!live && !file.isPublic) return refuseVisitor(request, reply, wanted, file.kind);
    if (file.kind === 'redirect') return sendRedirect(reply, file, wanted.search);
    if (file.kind === 'asset') return sendAsset(reply, file);
    return servePage(deps, request, reply, { page: file, live, search: wanted.search });
  }

  server.get('/*', async (request, reply) => {
    const wanted = readRequestPath(request);
    if (!wanted) return sendNotFound(request, reply);
    dropNoCache(request);
    const resetLink = mendResetLink(wanted);
    if (resetLink !== null) {
      forbidStoring(reply);
      return reply.header('referrer-policy', 'no-referrer').redirect(resetLink, 302);
    }
    if (isDownloadPath(wanted.path)) return serveDownload(request, reply, wanted);
    const feedToken = readFeedToken(wanted.path);
    if (feedToken !== null) return serveFeed(request, reply, feedToken);
    // A folder may be called like a file: `/x.html` is the address of `x.html/index.html`.
    const clean = site.isListed(wanted.path) ? wanted.path : cleanPath(wanted.path);
    if (isHidden(clean)) return sendNotFound(request, reply);
    const file = await site.find({ ...wanted, path: clean });
    if (!file) return sendNotFound(request, reply);
    if (file.path === wanted.path) return serveFile(request, reply, wanted, file);
    if (!file.isPublic) forbidStoring(reply);
    return reply.redirect(encodePath(file.path) + wanted.search, 301);
  });
}
