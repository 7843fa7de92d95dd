import { describeStanding } from './describe-reads.ts';
import { findVisitStanding, isKnownReader, readsWithoutLimit, type Visit } from './reader.ts';

/** The list of the articles, which is public. */
export const blogPath = '/blog';

/**
 * What the list of articles is filled with, as HTML: a mark at each that was read, and what is left; null
 * for a browser that nothing is known of, which gets the page that anybody may cache.
 */
export async function fillBlog(
  deps: Parameters<typeof findVisitStanding>[0],
  visit: Visit,
): Promise<Record<string, string> | null> {
  if (!isKnownReader(deps, visit)) return null;
  const standing = await findVisitStanding(deps, visit);
  const left = readsWithoutLimit(visit.user)
    ? 'Your account includes unlimited reading.'
    : describeStanding(standing);
  const marks = standing.slugs.map((slug) => [`read-${slug}`, 'Read']);
  return { reads: left, ...(Object.fromEntries(marks) as Record<string, string>) };
}
