import type { User } from '@latchkey/db';
import {
  readArticleInput,
  type Article,
  type ArticleList,
  type ArticleSummary,
  type Reads,
} from '@latchkey/shared';
import type { Context } from '../procedures/context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { createRouter, personProcedure } from '../procedures/trpc.ts';
import { isMetered, mayFind, readArticles } from './articles-content.ts';
import { countUnlimited, countVisit, findVisitStanding, readsWithoutLimit } from './reader.ts';
import { judgeRead, type Standing } from './reads.ts';

const toVisit = ({ request, reply, live }: Context) => ({
  request,
  reply,
  user: live?.user ?? null,
});

function toReads({ slugs, allowed, nextFreeAt }: Standing): Reads {
  return { used: slugs.length, allowed, nextFreeAt: nextFreeAt?.toISOString() ?? null };
}

function summarise({ slug, title, summary, date }: Article): ArticleSummary {
  return { slug, title, summary, date };
}

/** @throws {Refusal} where an article has a rule that does not open it */
function refuseClosed(article: Article, user: User | null): void {
  if (mayFind(article, user)) return;
  if (!user) throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  throw new Refusal('FORBIDDEN', { reason: 'role-required' });
}

const list = personProcedure.query(async ({ ctx }): Promise<ArticleList> => {
  const visit = toVisit(ctx);
  const isUnlimited = readsWithoutLimit(visit.user);
  const standing = await findVisitStanding(ctx.deps, visit);
  const articles = await readArticles(ctx.deps.site);
  const open = articles.filter((article) => mayFind(article, visit.user));
  const items = open.map((article) => ({
    ...summarise(article),
    isRead: standing.slugs.includes(article.slug),
    isReadable: isUnlimited || !isMetered(article) || judgeRead(standing, article.slug) !== 'spent',
  }));
  const reads = toReads(standing);
  return { items, reads: isUnlimited ? { ...reads, allowed: null, nextFreeAt: null } : reads };
});

/** A mutation, because it uses a free read up. */
const read = personProcedure.input(readArticleInput).mutation(async ({ ctx, input }) => {
  const articles = await readArticles(ctx.deps.site);
  const article = articles.find(({ slug }) => slug === input.slug);
  if (!article) throw notFound;
  const visit = toVisit(ctx);
  refuseClosed(article, visit.user);
  if (isMetered(article) && readsWithoutLimit(visit.user)) countUnlimited(ctx.deps);
  else if (isMetered(article)) {
    const { outcome, standing } = await countVisit(ctx.deps, visit, article.slug);
    if (outcome === 'spent') {
      const { nextFreeAt } = toReads(standing);
      throw new Refusal('PAYMENT_REQUIRED', { reason: 'reads-spent', nextFreeAt });
    }
  }
  return { article: { ...summarise(article), html: article.leadHtml + article.restHtml } };
});

export const articlesRouter = createRouter({ list, read });
