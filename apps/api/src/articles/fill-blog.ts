import { describeStanding } from './describe-reads.ts';
import { fillSlot } from './fill-slot.ts';
import { findVisitStanding, isKnownReader, readsWithoutLimit, type Visit } from './reader.ts';

/** The list of the articles, which is public. */
export const blogPath = '/blog';

/**
 * Marks in the list of articles what was read, and says what is left; null for a browser that nothing
 * is known of, which gets the page that anybody may cache.
 */
export async function fillBlog(
  deps: Parameters<typeof findVisitStanding>[0],
  visit: Visit,
  html: string,
): Promise<string | null> {
  if (!isKnownReader(deps, visit)) return null;
  const standing = await findVisitStanding(deps, visit);
  const left = readsWithoutLimit(visit.user)
    ? 'Your account includes unlimited reading.'
    : describeStanding(standing);
  return standing.slugs.reduce(
    (marked, slug) => fillSlot(marked, `read-${slug}`, 'Read'),
    fillSlot(html, 'reads', left),
  );
}
