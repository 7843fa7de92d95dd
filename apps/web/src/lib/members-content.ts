import { getCollection } from 'astro:content';
import type { MembersContent } from '@latchkey/shared';
import { pageIds, renameIds } from './article-html.ts';
import { requireFlatFolder } from './require-flat-folder.ts';
import { isUnpublished } from './markdown-loader.ts';
import { renderHtml } from './render-html.ts';

/** The members' pages of `src/content/secrets`, rendered, in their order. */
export async function readMembersContent(): Promise<MembersContent> {
  const entries = await getCollection('secrets');
  requireFlatFolder(entries, 'src/content/secrets');
  const ordered = entries.toSorted((first, second) => first.data.order - second.data.order);
  const items = ordered.map(async (entry) => {
    const { summary } = entry.data;
    const title = isUnpublished(entry.data) ? `Draft: ${entry.data.title}` : entry.data.title;
    return { id: entry.id, title, summary, html: await renderHtml(entry) };
  });
  const rendered = await Promise.all(items);
  // All of them stand on one page, each with its id and that of its heading.
  const taken = new Set([...pageIds, ...rendered.flatMap(({ id }) => [id, `${id}-title`])]);
  return {
    items: rendered.map((item) => ({ ...item, html: renameIds(item.html, item.id, taken) })),
  };
}
