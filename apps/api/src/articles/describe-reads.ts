import { formatTime, READS_WINDOW_DAYS } from '@latchkey/shared';
import type { ReadOutcome, Standing } from './reads.ts';

/** `1 free article`, `5 free articles` */
function countArticles(count: number): string {
  return `${count} free ${count === 1 ? 'article' : 'articles'}`;
}

/** A moment as HTML, rounded up to the minute: at the minute it names the read is there. */
function describeMoment(moment: Date): string {
  const minute = new Date(Math.ceil(moment.getTime() / 60_000) * 60_000);
  return `<time datetime="${minute.toISOString()}">${formatTime(minute)}</time>`;
}

/** "Your next free article is available on …", as HTML. */
function describeNext(nextFreeAt: Date): string {
  return `Your next free article is available on ${describeMoment(nextFreeAt)}.`;
}

/** What was read, and what is left, as HTML. */
export function describeStanding({ slugs, allowed, nextFreeAt }: Standing): string {
  if (allowed === 0) return 'Only members can read the articles of this site.';
  const used = Math.min(slugs.length, allowed);
  const next = nextFreeAt ? describeNext(nextFreeAt) : `You can read ${allowed - used} more.`;
  return `You have read ${used} of ${countArticles(allowed)} in the last ${READS_WINDOW_DAYS} days. ${next}`;
}

/** The line below an article that was read for free, as HTML. */
function describeFreeRead(standing: Standing): string {
  return `${describeStanding(standing)} Reading this article again does not count.`;
}

/** Why the article goes no further, as HTML. */
function describeSpent(standing: Standing): string {
  const { allowed, nextFreeAt } = standing;
  if (allowed === 0 || !nextFreeAt) return describeStanding(standing);
  const rule = `Everyone can read ${countArticles(allowed)} in ${READS_WINDOW_DAYS} days.`;
  return `${rule} ${describeNext(nextFreeAt)} You can still open the articles that you have read.`;
}

/** The heading of the wall, in plain text. */
export function titleWall({ allowed }: Standing): string {
  if (allowed === 0) return 'This article is for members';
  return `You have read your ${allowed === 1 ? 'free article' : countArticles(allowed)}`;
}

/** What stands in a page in the place of the mark that the build left for the meter. */
export function describeOutcome({ outcome, standing }: ReadOutcome): string {
  return outcome === 'spent' ? describeSpent(standing) : describeFreeRead(standing);
}
