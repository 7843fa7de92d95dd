/**
 * The one list of who may come in where. A key is a path of the site, or ends in `/*` and stands for a
 * folder: its own page and everything below. The longest key that fits a path wins; a path that none
 * fits is for `'members'`, which is whoever is signed in. A list of roles opens to people who have one of
 * them.
 *
 * To publish a page of your own, add its path here. Articles, below `/blog/`, are metered where no key
 * below `/blog/` says otherwise: see articles.ts. A section of `/secrets` has the path `/secrets/ID`.
 */
export const accessRules: Record<string, 'public' | 'members' | readonly string[]> = {
  '/': 'public',
  '/register': 'public',
  '/check-email': 'public',
  '/confirm-email': 'public',
  '/undo-email': 'public',
  '/login': 'public',
  '/logout': 'public',
  '/forgot-password': 'public',
  '/reset-password': 'public',
  '/second-factor': 'public',
  '/secure-account': 'public',
  '/blog': 'public',
  '/search': 'public',
  '/feed.xml': 'public',
  '/sitemap.xml': 'public',
  '/404': 'public',
  '/_astro/*': 'public',
  '/favicon.svg': 'public',
  '/favicon.ico': 'public',
  '/apple-touch-icon.png': 'public',
  '/manifest.webmanifest': 'public',
  '/icon-192.png': 'public',
  '/icon-512.png': 'public',
  '/icon-maskable.png': 'public',
  '/social.png': 'public',
  '/robots.txt': 'public',
  '/operator/*': ['operator'],
};

/** What people call the roles. Operators give them at `/operator`, or `npm run admin -- user grant USER ROLE` does. */
export const roleNames: Record<string, string> = {
  member: 'Member',
  operator: 'Operator',
};
