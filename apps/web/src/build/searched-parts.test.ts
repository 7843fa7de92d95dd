import type { Access } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { listSearchedParts } from './searched-parts.ts';

const page = (text: string) => `<html><body><nav>Around</nav><main>${text}</main></body></html>`;

/** The words for each audience, without tags. */
function list(text: string, whole: Access = 'members') {
  const parts = listSearchedParts(page(text), whole).map(({ audience, html }) => [
    [audience].flat().join(' '),
    html
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ]);
  return Object.fromEntries(parts.filter(([, words]) => words !== '')) as Record<string, string>;
}

const block = (roles: string, text: string) =>
  `<!--if:role:${roles}-->${text}<!--/if:role:${roles}-->`;

test('what is for a role is in that role’s part alone', () => {
  expect(list(`<p>All</p>${block('gold', '<p>Lamp</p>')}<p>End</p>`)).toEqual({
    members: 'All End',
    gold: 'Lamp',
  });
  expect(list(`<p>All</p><p data-when="role:gold role:silver">Lamp</p>`)).toEqual({
    members: 'All',
    'gold silver': 'Lamp',
  });
  expect(list(`<p>All</p><p data-when="role:gold">Lamp</p>`, 'public')).toEqual({
    public: 'All',
    gold: 'Lamp',
  });
});

test('what stands in two such parts is for who gets both, or in none', () => {
  const inner = block('silver gold', '<p>Both</p>');
  expect(list(block('gold', `<p>Lamp</p>${inner}<p>More</p>`))).toEqual({
    gold: expect.stringMatching(/Both|Lamp More/) as string,
  });
  expect(listSearchedParts(page(block('gold', `A${inner}`)), 'members')).toEqual([
    { audience: 'members', html: '' },
    { audience: ['gold'], html: 'A' },
    { audience: ['gold'], html: '<p>Both</p>' },
  ]);
  expect(list(block('gold', `<p>Lamp</p>${block('silver', '<p>Both</p>')}`))).toEqual({
    gold: 'Lamp',
  });
  // The same twice, which ends where its own mark ends.
  expect(
    list(block('gold', `<p>Lamp</p>${block('gold', '<p>Key</p>')}<p>More</p>`)),
  ).not.toHaveProperty('members');
  expect(list(block('gold', '<p>Lamp</p>'), ['silver'])).toEqual({});
});

test('what is for all but a role is in no part of that role', () => {
  expect(list('<p>All</p><!--unless:role:gold--><p>Join</p><!--/unless:role:gold-->')).toEqual({
    members: 'All Join',
  });
});

test.each([
  [
    'what the server fills in',
    '<p data-slot="reads"></p><b data-slot="contact" data-public>us</b>',
  ],
  ['lists that the server repeats', '<!--each:sessions--><p>{{device}}</p><!--/each:sessions-->'],
  ['messages', '<div class="flashes" data-public><p>Welcome</p></div>'],
  ['forms', '<form><label>Email <input></label></form>'],
  ['buttons', '<button>Go</button><a class="button button-quiet" href="/">Go</a>'],
  ['navigation', '<nav>On this page</nav>'],
  ['what is hidden', '<p hidden>Later</p><p aria-hidden="true">404</p>'],
  ['scripts and styles', '<script>let x</script><style>p {}</style><template><p>x</p></template>'],
])('%s are not searched', (_what, html) => {
  expect(list(`<p>All</p>${html}`)).toEqual({ members: 'All' });
});

test('greetings of a public page are not searched, and are text on a members’ page', () => {
  const html = '<p>All</p><p data-when="signed-in">Welcome back</p>';
  expect(list(html, 'public')).toEqual({ public: 'All' });
  expect(list(html)).toEqual({ members: 'All Welcome back' });
});
