import type { User } from '@latchkey/db';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { findArticles, mayFind } from '../articles/articles-content.ts';
import { readsWithoutLimit } from '../articles/reader.ts';
import { notFound } from '../http/refusal.ts';
import { yieldsToFile } from '../http/yield-to-files.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { allowCaching, forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import { createLastingText, sendText } from '../pages/send-text.ts';
import { findPage, type Site } from '../pages/site-file.ts';
import { writeFeed, type Feed } from './write-feed.ts';

const BLOG_PATH = '/blog';
const publicPath = '/feed.xml';
const contentType = 'application/rss+xml; charset=utf-8';

/** @throws {Refusal} where the site has no blog */
async function writeSiteFeed(
  site: Site,
  feed: Omit<Feed, 'listPath'>,
  reader: User | null,
): Promise<string> {
  const articles = await findArticles(site);
  if (!articles) throw notFound;
  const hasList = (await findPage(site, BLOG_PATH)) !== null;
  const open = articles.filter((article) => mayFind(article, reader));
  return writeFeed({ ...feed, listPath: hasList ? BLOG_PATH : '/' }, open);
}

/** Written here and not by the build: the addresses in it are absolute, and follow the settings. */
export function addFeed(server: FastifyInstance, { site, settings }: ServerDeps): void {
  const feed = { origin: settings.publicOrigin, kind: 'lead-ins', selfPath: publicPath } as const;
  let current = { lasting: createLastingText(''), changedAt: new Date() };
  server.get(publicPath, { constraints: yieldsToFile }, async (_request, reply) => {
    const text = await writeSiteFeed(site, feed, null);
    if (text !== current.lasting.text) {
      current = { lasting: createLastingText(text), changedAt: new Date() };
    }
    allowCaching(reply);
    reply.header('last-modified', current.changedAt.toUTCString());
    return sendText(reply, contentType, current.lasting);
  });
}

/** Sends a person's own feed: what they may read at this moment, uncounted, and nothing of who they are. */
export async function sendOwnFeed(
  reply: FastifyReply,
  { site, settings }: Pick<ServerDeps, 'site' | 'settings'>,
  owner: User,
): Promise<FastifyReply> {
  const kind = readsWithoutLimit(owner) ? 'whole articles' : 'lead-ins';
  const text = await writeSiteFeed(site, { origin: settings.publicOrigin, kind }, owner);
  forbidStoring(reply);
  hideFromSearch(reply);
  reply.header('referrer-policy', 'no-referrer');
  return sendText(reply, contentType, createLastingText(text));
}
