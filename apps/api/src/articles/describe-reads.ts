import { READS_WINDOW_DAYS } from '@latchkey/shared';
import type { ReadOutcome, Standing } from './reads.ts';

const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** `1 article`, `5 articles` */
function countArticles(count: number): string {
  return `${count} ${count === 1 ? 'article' : 'articles'}`;
}

/** A moment as HTML, rounded up to the minute: at the minute it names the read is there. */
function describeMoment(moment: Date): string {
  const minute = new Date(Math.ceil(moment.getTime() / 60_000) * 60_000);
  return `<time datetime="${minute.toISOString()}">${dayAndTime.format(minute)} UTC</time>`;
}

/** The line below an article that was read for free, as HTML. */
function describeFreeRead({ slugs, allowed, nextFreeAt }: Standing): string {
  const left = Math.max(0, allowed - slugs.length);
  const rest =
    left > 0 || !nextFreeAt
      ? `You can read ${left} more.`
      : `The next one is there on ${describeMoment(nextFreeAt)}.`;
  return `${countArticles(allowed)} in ${READS_WINDOW_DAYS} days ${allowed === 1 ? 'is' : 'are'} free, and this is one of yours. ${rest} Coming back to this one costs nothing.`;
}

/** Why the article goes no further, as HTML. */
function describeSpent({ allowed, nextFreeAt }: Standing): string {
  if (allowed === 0 || !nextFreeAt) return 'The articles of this site are for members.';
  return `You have read the ${countArticles(allowed)} that ${allowed === 1 ? 'is' : 'are'} free in ${READS_WINDOW_DAYS} days. Your next free read comes on ${describeMoment(nextFreeAt)}; until then, what you have read stays open to you.`;
}

/** What stands in a page in the place of the mark that the build left for the meter. */
export function describeOutcome({ outcome, standing }: ReadOutcome): string {
  return outcome === 'spent' ? describeSpent(standing) : describeFreeRead(standing);
}
