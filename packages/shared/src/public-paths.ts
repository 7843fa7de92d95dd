/**
 * The one list of what anybody may read. A path that is not on it is private: the server hands it
 * only to people who are signed in. An entry ending in `/*` stands for everything below it.
 *
 * To publish a page of your own, add its path here. Articles, below `/blog/`, are neither public nor
 * private: see articles.ts.
 */
export const publicPaths = [
  '/',
  '/register',
  '/check-email',
  '/confirm-email',
  '/undo-email',
  '/login',
  '/logout',
  '/forgot-password',
  '/reset-password',
  '/second-factor',
  '/secure-account',
  '/blog',
  '/feed.xml',
  '/sitemap.xml',
  '/404',
  '/_astro/*',
  '/favicon.svg',
  '/favicon.ico',
  '/apple-touch-icon.png',
  '/manifest.webmanifest',
  '/icon-192.png',
  '/icon-512.png',
  '/icon-maskable.png',
  '/social.png',
  '/robots.txt',
] as const;
