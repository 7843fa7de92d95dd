import { getCollection } from 'astro:content';
import type { MembersContent } from '@latchkey/shared';
import { demandFlat } from './demand-flat.ts';

/** The members' pages of `src/content/secrets`, rendered, in their order. */
export async function readMembersContent(): Promise<MembersContent> {
  const entries = await getCollection('secrets');
  demandFlat(entries, 'src/content/secrets');
  const items = entries
    .toSorted((first, second) => first.data.order - second.data.order)
    .map(({ id, data: { title, summary }, rendered }) => ({
      id,
      title,
      summary,
      html: rendered?.html ?? '',
    }));
  return { items };
}
