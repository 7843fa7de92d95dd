/** What the site is called: in its header, titles, feed and tags, and no good password. */
export const SITE_NAME = 'Latchkey';
/**
 * Where people land who log in or register and were on their way to nowhere else, and what the links
 * to that page are called. The build fails while there is no such page.
 */
export const LANDING_PATH = '/secrets';
export const LANDING_NAME = 'Secrets';
/** One line about the site, at the foot of each page and in the feed. */
export const SITE_LINE = 'Latchkey gives static sites accounts and members-only pages.';
/** What apps/web/public/social.png shows, which other sites put beside a link to this one. */
export const SITE_PICTURE_ALT =
  'A closed green door. Your site stays static. Your members get a key.';
