import { getCollection } from 'astro:content';
import type { MembersContent } from '@latchkey/shared';
import { demandFlat } from './demand-flat.ts';
import { isHeldBack } from './markdown-loader.ts';
import { renderHtml } from './render-html.ts';

/** The members' pages of `src/content/secrets`, rendered, in their order. */
export async function readMembersContent(): Promise<MembersContent> {
  const entries = await getCollection('secrets');
  demandFlat(entries, 'src/content/secrets');
  const ordered = entries.toSorted((first, second) => first.data.order - second.data.order);
  const items = ordered.map(async (entry) => {
    const { summary } = entry.data;
    const title = isHeldBack(entry.data) ? `Draft: ${entry.data.title}` : entry.data.title;
    return { id: entry.id, title, summary, html: await renderHtml(entry) };
  });
  return { items: await Promise.all(items) };
}
