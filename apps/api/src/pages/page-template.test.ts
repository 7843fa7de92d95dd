import { rename } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer } from '../testing/test-server.ts';
import { readBuiltSite } from './built-site.ts';
import { fillPage, type PageFilling } from './fill-page.ts';
import { createTemplate } from './page-template.ts';

const reader = { id: '7', name: 'Ada' };
const fill = (html: string, filling: Partial<PageFilling>) =>
  fillPage(createTemplate(html)(), { reader: null, ...filling });

test.each<[what: string, filling: Partial<PageFilling>, built: string, filled: string]>([
  [
    'in any element, whatever other attributes it has',
    { reader },
    `<strong class=a data-slot='user-name' lang="en"></strong>`,
    `<strong class=a data-slot='user-name' lang="en">Ada</strong>`,
  ],
  [
    'of a form, in any order of its attributes',
    { next: '/a?b' },
    '<form data-form="login" class="x" action="/login" method=post></form><a data-keep-next href=/register>R</a>',
    '<form data-form="login" class="x" action="/login?next=%2Fa%3Fb" method=post></form><a data-keep-next href=/register?next=%2Fa%3Fb>R</a>',
  ],
  [
    'for a message, whose place is hidden until then',
    { typed: { fault_name: 'invalid-name' } },
    '<p hidden class="e" data-fault="name"></p>',
    '<p class="e" >Please enter a name with at most 80 characters.</p>',
  ],
  [
    'that stands in noscript',
    { reader },
    '<noscript><input data-value="user-id" type="hidden"></noscript>',
    '<noscript><input data-value="user-id" value="7" type="hidden"></noscript>',
  ],
  [
    'of a document with other ends of lines',
    { reader },
    '<p>\r\n<b>ü😀</b>\r\n<i data-slot="user-name"></i>',
    '<p>\r\n<b>ü😀</b>\r\n<i data-slot="user-name">Ada</i>',
  ],
  [
    'in tags that are badly nested',
    { reader },
    '<b data-slot="user-name"><p></b>text</p>',
    '<b data-slot="user-name">Ada<p></b>text</p>',
  ],
  [
    'of the reader in each item of a list',
    { reader, lists: { sessions: [{ id: '1' }, { id: '2' }] } },
    '<!--each:sessions--><i data-x="{{id}}" data-slot="user-name"></i><!--/each:sessions-->',
    '<i data-x="1" data-slot="user-name">Ada</i><i data-x="2" data-slot="user-name">Ada</i>',
  ],
])('a hole %s is filled, and nothing beside it changes', (_what, filling, built, filled) => {
  expect(fill(built, filling)).toBe(filled);
  expect(fill(built, {})).toBe(built);
});

test('marks that are the text of a page, a script or a comment are left as they are', () => {
  const page = `<p>data-session="out" data-typed="email" data-slot="reads"></p>
    <script>'<span data-slot="user-name"></span>'</script><!-- <i data-slot="user-name"></i> -->
    <title>A · B</title><textarea><i data-slot="user-name"></i></textarea>`;
  const filling = { reader, typed: { email: 'x' }, htmlSlots: { reads: 'x' } };
  expect(fill(page, filling)).toBe(page);
});

const faulty = '<p><i data-slot="user-nmae"></i></p>';

test.each([
  [faulty, 'data-slot="user-nmae". The server fills no such place.'],
  ['<!--each:session--><!--/each:session-->', '<!--each:session-->. There is no such list.'],
  ['<!--each:feed-->{{owner}}<!--/each:feed-->', '{{owner}}. The list feed has no "owner".'],
])('The server does not start with a mark that it cannot fill: %s', async (html, told) => {
  await using folder = await createTemporaryFolder({ 'index.html': '', 'a/b.html': html });
  expect(() => readBuiltSite(folder.path)).toThrow(
    `The page a/b.html has a mark that the server cannot fill: ${told} Correct it, then run "npm run build".`,
  );
});

test('A site that is built elsewhere under a running server stays open', async () => {
  await using folder = await createTemporaryFolder({ 'index.html': 'old' });
  await using next = await createTemporaryFolder({ 'index.html': faulty });
  await using server = await startTestServer('sqlite', {}, { site: readBuiltSite(folder.path) });
  await rename(`${next.path}/index.html`, `${folder.path}/index.html`);
  const { status, body } = await requestTarget(server.url, '/');
  expect([status, body]).toEqual([200, faulty]);
});
