import type { MailColors } from './mail-colors.ts';
import type { PolicyDirective } from './policy-directive.ts';

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
/** The blog: what stands above the list of its articles, and whether its articles are metered. */
export const BLOG = {
  /** The heading of `/blog`, and its link in the header. */
  title: 'Blog',
  /** For search engines. */
  description:
    'Articles about static sites with members: sessions, passwords, cookies, free articles and backups.',
  introduction: 'How to add accounts and members-only pages to a static site.',
  /** true: everybody reads every article as a whole, and nothing is counted. */
  isFree: false as boolean,
};
/** The colours of mails, which are those of the styles: a mail cannot load any. */
export const MAIL_COLORS: Record<'light' | 'dark', MailColors> = {
  light: {
    paper: '#eef2ec',
    surface: '#fdfefc',
    ink: '#14211b',
    soft: '#47574e',
    line: '#cdd8cf',
    action: '#0b5740',
    onAction: '#ffffff',
  },
  dark: {
    paper: '#0d1411',
    surface: '#151e1a',
    ink: '#e6ede7',
    soft: '#a8b7ad',
    line: '#2c3a33',
    action: '#e5bc62',
    onAction: '#1d1604',
  },
};
/**
 * Other hosts that pages may load something from, by the directive of the content security policy, such
 * as `'img-src': ['https://images.example.com']`. The build and `npm run dev` name what is not allowed.
 */
export const ALLOWED_HOSTS: Partial<Record<PolicyDirective, string[]>> = {};
