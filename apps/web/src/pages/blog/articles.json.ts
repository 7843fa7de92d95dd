import type { ArticlesContent } from '@latchkey/shared';
import type { APIRoute } from 'astro';
import { readArticles } from '../../lib/articles.ts';

export const GET: APIRoute = async () =>
  Response.json({ items: await readArticles() } satisfies ArticlesContent);
