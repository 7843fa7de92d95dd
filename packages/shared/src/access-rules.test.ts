import { expect, test } from 'vitest';
import { accessRules, roleNames } from '#site/access-rules';
import { isPublicPath, isRole, listRuleFaults } from './access.ts';

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
  '/_astrox/base.css',
  '/x/_astro/base.css',
  '/*',
])('%s is private', (path) => {
  expect(isPublicPath(path)).toBe(false);
});

// ASVS 8.1.1
test('no rule of the site opens everything to everybody, and each can be understood', () => {
  expect(accessRules['/*']).not.toBe('public');
  expect(listRuleFaults(accessRules)).toEqual([]);
});

test.each(Object.keys(roleNames))('the role %s is one that the operator can give', (role) => {
  expect(isRole(role)).toBe(true);
});
