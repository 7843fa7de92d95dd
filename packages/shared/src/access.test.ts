import { expect, test } from 'vitest';
import {
  createFindRule,
  describeAccess,
  isWithin,
  listRuleFaults,
  mayOpen,
  type Access,
} from './access.ts';

const findRule = createFindRule({
  '/': 'public',
  '/docs/*': 'public',
  '/docs/plans/*': ['gold', 'silver'],
  '/docs/plans/summary': 'members',
  '/docs/plans/2027/*': ['gold'],
  '/über/*': 'public',
  '/a*b': 'public',
});
const find = (path: string) => findRule(path)?.access ?? 'members';

// ASVS 8.1.1
test.each<[string, Access]>([
  ['/', 'public'],
  ['/other', 'members'],
  ['/docs', 'public'],
  ['/docs/start', 'public'],
  ['/docs.html', 'members'],
  ['/docsx/start', 'members'],
  ['/Docs/start', 'members'],
  ['/docs/plans', ['gold', 'silver']],
  ['/docs/plans/next', ['gold', 'silver']],
  ['/docs/plans/summary', 'members'],
  ['/docs/plans/summary/more', ['gold', 'silver']],
  ['/docs/plans/2027', ['gold']],
  ['/docs/plans/2027/may/1', ['gold']],
  ['/docs/plansx', 'public'],
  ['/u\u0308ber/uns', 'public'],
  ['/docs/*', 'public'],
  ['/a*b', 'public'],
  ['/axb', 'members'],
])('the longest rule that fits %s wins: %j', (path, access) => {
  expect(find(path)).toEqual(access);
});

test('a rule for all of the site is the last that is asked', () => {
  const findAny = createFindRule({ '/*': ['gold'], '/open': 'public' });
  expect(['/', '/x', '/open'].map((path) => findAny(path)?.access)).toEqual([
    ['gold'],
    ['gold'],
    'public',
  ]);
});

test.each<[Access, string[] | null, boolean]>([
  ['public', null, true],
  ['public', [], true],
  ['members', null, false],
  ['members', [], true],
  [['gold'], null, false],
  [['gold'], [], false],
  [['gold'], ['member', 'goldfish'], false],
  [['gold', 'silver'], ['silver'], true],
  [[], ['gold'], false],
])('%j for somebody with the roles %j: %s', (access, roles, isOpen) => {
  expect(mayOpen(access, roles)).toBe(isOpen);
});

test.each<[Access, Access, boolean]>([
  ['public', 'public', true],
  ['members', 'public', true],
  [['gold'], 'public', true],
  ['public', 'members', false],
  [['gold'], 'members', true],
  ['members', ['gold'], false],
  [['gold'], ['silver', 'gold'], true],
  [['gold', 'silver'], ['gold'], false],
  [['gold'], ['silver'], false],
])('whether all of %j are within %j: %s', (one, other, isSo) => {
  expect(isWithin(one, other)).toBe(isSo);
});

test('who may have something is said in words', () => {
  expect(describeAccess(['gold', 'nobody-named'])).toBe(
    'people with the role “Gold member” or “nobody-named”',
  );
});

test.each<[string, unknown, string]>([
  ['docs', 'public', 'starts with a slash'],
  ['/docs/', 'public', 'without a slash'],
  ['/docs*', ['gold'], 'A star'],
  ['/docs/**', ['gold'], 'A star'],
  ['/a?b', 'members', 'no query'],
  ['/a/../b', 'members', 'no query'],
  ['//a', 'members', 'no query'],
  ['/docs', 'member', "Write 'public'"],
  ['/docs', [], 'opens to nobody'],
  ['/docs', ['Gold'], '"Gold" is no role'],
  ['/docs', [1], '1 is no role'],
  ['/docs', null, "Write 'public'"],
])('the rule %j: %j is refused, with why', (key, access, sentence) => {
  const [fault, ...more] = listRuleFaults({ [key]: access });
  expect(fault).toContain(`'${key}': `);
  expect(fault).toContain(sentence);
  expect(more).toEqual([]);
});
