import { expect, test } from 'vitest';
import { splitByRoles } from './audiences.ts';

const begin = (roles: string) => `<!--if:role:${roles}-->`;
const end = (roles: string) => `<!--/if:role:${roles}-->`;

test.each([
  ['a page without parts', 'all', [['members', 'all']]],
  [
    'two parts beside each other',
    `a${begin('gold')}b${end('gold')}c${begin('gold')}d${end('gold')}e`,
    [
      ['members', 'ace'],
      [['gold'], 'b'],
      [['gold'], 'd'],
    ],
  ],
  [
    'a part within another of the same role',
    `a${begin('gold')}b${begin('gold')}c${end('gold')}d${end('gold')}e`,
    [
      ['members', 'ae'],
      [['gold'], 'bd'],
      [['gold'], 'c'],
    ],
  ],
  [
    'a part within another of other roles',
    `${begin('gold')}b${begin('silver staff')}c${end('silver staff')}d${end('gold')}e`,
    [
      ['members', 'e'],
      [['gold'], 'bd'],
      [['silver', 'staff'], 'c'],
    ],
  ],
  [
    'a part that never ends, and an end of nothing',
    `a${end('silver')}b${begin('gold')}c`,
    [
      ['members', 'ab'],
      ['members', 'c'],
    ],
  ],
])('%s is split into what its readers get', (_what, html, parts) => {
  const found = splitByRoles(html, 'members');
  expect(found.map((part) => [part.audience, part.html])).toEqual(parts);
});
