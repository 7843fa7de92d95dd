import { expect, test } from 'vitest';
import { explainPage, listVainKeys, refuseOtherKey } from './check-access.ts';

const marked = (access: string) => `<meta name="latchkey-access" content="${access}">`;
const source = 'src/pages/plan.md';
const explain = (path: string, said: Parameters<typeof explainPage>[1], html: string) =>
  explainPage({ path, source }, said, html);

test.each([
  ['/plan', null, ''],
  ['/plan', ['gold'], marked('gold')],
  ['/gold/plan', ['gold'], marked('gold')],
  ['/plan', ['silver', 'gold'], marked('gold silver')],
  ['/plan', 'public', marked('public')],
] as const)('a page at %s that says %j, and has it in its head, is built', (path, said, html) => {
  expect(explain(path, said, html)).toBeNull();
});

test.each([
  [['gold'], ''],
  [['gold'], marked('members')],
  [['gold'], marked('gold silver')],
  ['members', marked('gold')],
] as const)('a layout that loses %j of the front matter is named', (said, html) => {
  expect(explain('/plan', said, html)).toBe(
    'src/pages/plan.md has "access" at its head, and its layout does not hand it on. Use the layout MarkdownPage, or give it to Base: <Base access={…}>.',
  );
});

test.each([
  ['/gold/plan', 'members', '/gold/*'],
  ['/gold', ['silver'], '/gold/*'],
  ['/login', ['gold'], '/login'],
] as const)(
  'a page at %s that is for %j, against the rules, is named with the rule',
  (path, said, key) => {
    const html = marked(typeof said === 'string' ? said : said.join(' '));
    expect(explain(path, said, html)).toContain(`src/pages/plan.md says that it is for`);
    expect(explain(path, said, html)).toContain(`the rule '${key}' in`);
  },
);

test.each(['Access', 'ACCESS', 'roles', 'role', 'tiers', 'visibility'])(
  'a page whose head has %s is named: it would be for others than was meant',
  (key) => {
    expect(() => refuseOtherKey(source, ['title', key])).toThrow(
      `src/pages/plan.md: "${key}" is read by nothing here.`,
    );
  },
);

test('other keys of a page are its own business', () => {
  expect(() => refuseOtherKey(source, ['title', 'description', 'author'])).not.toThrow();
});

test('a rule for the indexes of the search changes nothing, and is named', () => {
  const vain = ['/_search/*', '/_search/members/pagefind-entry.json'];
  const sentences = listVainKeys(['/', '/search', '/_searches/*', ...vain]);
  expect(sentences.map((sentence) => sentence.split("'")[1])).toEqual(vain);
});
