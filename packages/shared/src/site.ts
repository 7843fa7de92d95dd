/** What the site is called: in its header, titles, feed and tags, and no good password. */
export const SITE_NAME = 'Latchkey';
/** One line about the site, at the foot of each page and in the feed. */
export const SITE_LINE = 'Latchkey gives static sites accounts and members-only pages.';
