import { leadInPath } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { getBrowserSession } from '../http/browser-session.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { sendPage } from '../pages/send-page.ts';
import { findPage, type SitePage } from '../pages/site-file.ts';
import { describeOutcome, titleWall } from './describe-reads.ts';
import {
  countUnlimited,
  countVisit,
  findVisitStanding,
  readsWithoutLimit,
  type Visit,
} from './reader.ts';
import { judgeRead, type ReadOutcome } from './reads.ts';

const crawler = /bot\b|crawl|spider|slurp|facebookexternalhit|mediapartners/i;

/** The declared name of a search engine is enough: whoever borrows it gets less and not more. */
function isCrawler({ headers }: FastifyRequest): boolean {
  return crawler.test(headers['user-agent'] ?? '');
}

/** Whether a browser fetches ahead of a click that may never come. */
function isPrefetch({ headers }: FastifyRequest): boolean {
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-moz']];
  return purposes.some((purpose) => /prefetch|prerender|preview/i.test(String(purpose ?? '')));
}

/** What a GET would come to. It counts nothing and sets no cookie. */
async function previewRead(deps: ServerDeps, visit: Visit, slug: string): Promise<ReadOutcome> {
  const standing = await findVisitStanding(deps, visit);
  return { outcome: judgeRead(standing, slug), standing };
}

/**
 * Sends an article, and counts it; or, where the free reads are used up, its lead-in with 402. See
 * docs/decisions for what HEAD, prefetching browsers and search engines get.
 */
export async function serveArticle(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { page, slug }: { page: SitePage; slug: string },
): Promise<FastifyReply> {
  const live = await getBrowserSession(deps, request, reply);
  const user = live?.user ?? null;
  // Never as the file: it would come with a validator and could be kept.
  const article = { ...page, send: null };
  if (readsWithoutLimit(user)) {
    if (request.method !== 'HEAD' && !isPrefetch(request)) countUnlimited(deps);
    return sendPage(reply, article, { reader: user });
  }

  const sendLeadIn = async (title: string, text: string) => {
    const leadIn = await findPage(deps.site, leadInPath(slug));
    if (!leadIn) throw new Error(`The article ${slug} has no lead-in. Run "npm run build".`);
    return sendPage(
      reply,
      { ...leadIn, send: null },
      { reader: user, next: page.path, htmlSlots: { 'wall-title': title, reads: text } },
    );
  };
  if (!user && isCrawler(request)) {
    return sendLeadIn('Read the whole article', 'This page has the beginning of the article.');
  }

  const visit = { request, reply, user };
  const isAhead = isPrefetch(request);
  const read =
    isAhead || request.method === 'HEAD'
      ? await previewRead(deps, visit, slug)
      : await countVisit(deps, visit, slug);
  if (read.outcome === 'spent') {
    reply.code(402);
    return sendLeadIn(titleWall(read.standing), describeOutcome(read));
  }
  if (isAhead && read.outcome === 'counted') return declinePrefetch(reply);
  return sendPage(reply, article, { reader: user, htmlSlots: { reads: describeOutcome(read) } });
}

/**
 * Any status that is no success makes the browser forget what it fetched and ask again on the click.
 *
 * @see https://developer.chrome.com/docs/web-platform/prerender-pages 503 to say no to a prefetch
 */
function declinePrefetch(reply: FastifyReply): FastifyReply {
  forbidStoring(reply);
  return reply
    .code(503)
    .type('text/plain; charset=utf-8')
    .send('Articles are counted when they are opened, so they cannot be fetched in advance.\n');
}
