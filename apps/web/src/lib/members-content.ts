import { getCollection, type CollectionEntry } from 'astro:content';
import {
  findAccess,
  readFrontMatterAccess,
  sectionPath,
  type Access,
  type MembersSection,
} from '@latchkey/shared';
import { refuseContradiction } from './access.ts';
import { pageIds, renameIds } from './article-html.ts';
import { requireFlatFolder } from './require-flat-folder.ts';
import { isUnpublished } from './markdown-loader.ts';
import { renderHtml } from './render-html.ts';

/** @throws where it is for everybody: the page that it stands on is for members */
function readSectionAccess({ id, data, filePath = id }: CollectionEntry<'secrets'>): Access {
  const own = readFrontMatterAccess(data.access, filePath);
  if (own !== null) refuseContradiction(filePath, sectionPath(id), own);
  const access = own ?? findAccess(sectionPath(id));
  if (access !== 'public') return access;
  throw new Error(
    `${filePath} is to be public, but it stands on a members' page. Write a page in src/pages instead.`,
  );
}

/** The members' pages of `src/content/secrets`, rendered, in their order. */
export async function readMembersContent(): Promise<{ items: MembersSection[] }> {
  const entries = await getCollection('secrets');
  requireFlatFolder(entries, 'src/content/secrets');
  const ordered = entries.toSorted((first, second) => first.data.order - second.data.order);
  const items = ordered.map(async (entry) => {
    const { summary } = entry.data;
    const title = isUnpublished(entry.data) ? `Draft: ${entry.data.title}` : entry.data.title;
    const access = readSectionAccess(entry);
    return { id: entry.id, title, summary, html: await renderHtml(entry), access };
  });
  const rendered = await Promise.all(items);
  // All of them stand on one page, each with its id and that of its heading.
  const taken = new Set([...pageIds, ...rendered.flatMap(({ id }) => [id, `${id}-title`])]);
  return {
    items: rendered.map((item) => ({ ...item, html: renameIds(item.html, item.id, taken) })),
  };
}
