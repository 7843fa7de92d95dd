import { expect, test } from 'vitest';
import { findAccess, type Access } from './access.ts';
import { nameSearchFolder } from './search-index.ts';
import { createSiteAccess, ownAccess } from './site-access.ts';

test.each<[Access]>([['public'], ['members'], [['gold']], [['gold', 'second-row']]])(
  'the index of what is for %s is for them',
  (access) => {
    const folder = nameSearchFolder(access);
    expect(findAccess(`${folder}index/en_1.pf_index`)).toEqual(access);
    expect(ownAccess.findAccess(`${folder}index/en_1.pf_index`)).toEqual(access);
  },
);

test('the order of roles makes no other folder', () => {
  expect(nameSearchFolder(['silver', 'gold', 'gold'])).toBe('/_search/roles/gold.silver/');
});

test.each<[string, Access]>([
  ['/_search/program/pagefind.js', 'public'],
  ['/_search', []],
  ['/_search/', []],
  ['/_search/indexes.json', []],
  ['/_search/publicity/x', []],
  ['/_search/roles', []],
  ['/_search/roles/', []],
  ['/_search/roles//x', []],
  ['/_search/rolesx/gold/x', []],
  ['/_search/roles/Gold/x', []],
  ['/_search/roles/public/x', ['public']],
  ['/_search/roles/members', ['members']],
  ['/_searchx', 'members'],
  ['/x/_search/public/a', 'members'],
])('%s is for %j', (path, access) => {
  expect(findAccess(path)).toEqual(access);
});

test('a site that was built elsewhere has its own rules below that address', () => {
  const { findAccess: find } = createSiteAccess({ '/_search/*': 'public' });
  expect(find('/_search/members/x')).toBe('public');
});
