import { expect, test } from 'vitest';
import { publicPaths } from '#site/public-paths';
import { isPublicPath } from './is-public-path.ts';

test.each([
  '/',
  '/login',
  '/register',
  '/check-email',
  '/confirm-email',
  '/undo-email',
  '/logout',
  '/forgot-password',
  '/reset-password',
  '/second-factor',
  '/secure-account',
  '/blog',
  '/feed.xml',
  '/404',
  '/_astro/base.css',
  '/_astro/a/b.js',
])('%s is public', (path) => {
  expect(isPublicPath(path)).toBe(true);
});

test.each([
  '',
  '/secrets',
  '/secrets.json',
  '/dashboard',
  '/feed',
  '/feed/address.xml',
  '/blog/an-article',
  '/blog/articles.json',
  '/download/cheat-sheet.pdf',
  '/problem',
  '/Login',
  '/login/',
  '/login/x',
  '/login.html',
  '/loginx',
  '/_astro',
  '/_astrox/base.css',
  '/x/_astro/base.css',
  '/*',
])('%s is private', (path) => {
  expect(isPublicPath(path)).toBe(false);
});

// ASVS 8.1.1
test.each(publicPaths)('the entry %s does not open everything', (entry) => {
  expect(entry).toMatch(/^\//);
  expect(entry).not.toBe('/*');
  expect(entry.slice(0, -1)).not.toContain('*');
});
