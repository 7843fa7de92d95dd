// @ts-check
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { root } from './workspace.mjs';

/** The product's own pages. Every other page is of the site that it serves: yours, or the sample. */
const productPages = [
  '404.astro',
  'check-email.astro',
  'confirm-email.astro',
  'dashboard.astro',
  'dashboard',
  'forgot-password.astro',
  'login.astro',
  'logout.astro',
  'operator.astro',
  'operator',
  'problem.astro',
  'register.astro',
  'reset-password.astro',
  'search.astro',
  'second-factor.astro',
  'undo-email.astro',
  'secure-account.astro',
];
const pages = 'apps/web/src/pages';
const ownersFolders = ['apps/web/public', 'apps/web/src/content', 'apps/api/downloads'];

/** Where the site that the tests run on lies, and where its files belong. */
const layers = [
  ['fixture', '.'],
  ['packages/shared/fixture', 'packages/shared/src'],
];

/**
 * Puts the site that the tests run on in the place of the owner's, so that tests do not depend on it.
 *
 * @param {string} copy of the workspace
 */
export function layFixture(copy) {
  const foreignPages = entriesOf(path.join(copy, pages)).filter(
    (name) => !productPages.includes(name),
  );
  const owners = [...ownersFolders, ...foreignPages.map((name) => path.join(pages, name))];
  for (const name of owners) rmSync(path.join(copy, name), { recursive: true, force: true });
  for (const [from = '', to = ''] of layers) {
    cpSync(path.join(root, from), path.join(copy, to), { recursive: true });
  }
}

/** @param {string} folder */
function entriesOf(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
