import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { listBuiltFiles } from '../testing/site-files.ts';
import { startTestServer } from '../testing/test-server.ts';
import { fillPage as fillTemplate, type PageFilling } from './fill-page.ts';
import { createTemplate } from './page-template.ts';

const fillPage = (html: string, filling: PageFilling) =>
  fillTemplate(createTemplate(html)(), filling);

const slot = '<span data-slot="user-name"></span>';
const page = `<html data-session="out"><b>${slot}</b><input data-typed="email"><input data-typed-checked="stay"><i>${slot}</i></html>`;

const hostileTexts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)",
  '&lt;b&gt; &amp;',
  "$& $1 $` $' $$",
  'שלום עולם',
  '\u202egnp.exe',
  '👩‍👩‍👧 Zoë',
  'data-typed="stay" data-session="out"',
  '</span></html>',
];

/** The text that a browser would show for an escaped one. */
const unescape = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe.each(hostileTexts)('%s', (text) => {
  // ASVS 3.2.2
  test('is shown as a name, letter for letter, and is nothing but text', () => {
    const filled = fillPage(page, { reader: { id: '1', name: text } });
    const [, shown = '', between = '', again = ''] =
      /^<html data-session="in"><b><span data-slot="user-name">([^<>"']*)<\/span>(.*)<i><span data-slot="user-name">([^<>"']*)<\/span><\/i><\/html>$/u.exec(
        filled,
      ) ?? [];
    expect(unescape(shown)).toBe(text);
    expect(again).toBe(shown);
    expect(between).toBe('</b><input data-typed="email"><input data-typed-checked="stay">');
  });

  test('comes back in its field, letter for letter, and is nothing but a value', () => {
    const filled = fillPage(page, { reader: null, typed: { email: text } });
    const [, value = '', rest = ''] =
      /^<html data-session="out"><b>.*<input value="([^<>"']*)">(.*)$/u.exec(filled) ?? [];
    expect(unescape(value)).toBe(text);
    expect(rest).toBe(page.split('data-typed="email">')[1]);
  });
});

test('A visitor who typed nothing gets the page as it was built', () => {
  expect(fillPage(page, { reader: null })).toBe(page);
  expect(fillPage(page, { reader: null, typed: {} })).toBe(page);
});

test('A ticked box stays ticked, and a field that the page does not have changes nothing', () => {
  const typed = { stay: 'on', password: 'quiet lantern', 'email"><b': 'x', constructor: 'x' };
  expect(fillPage(page, { reader: null, typed })).toBe(
    page.replace('data-typed-checked="stay"', 'checked'),
  );
});

const listPage =
  '<ul><!--each:sessions--><li id="{{id}}">{{device}}{{nothing}}<!--if:current-->here<!--/if:current--><!--unless:current-->there {{id}}<!--/unless:current--></li><!--/each:sessions--></ul><input data-typed="email"><input data-value="user-email">';

describe.each([...hostileTexts, '{{id}}', '<!--if:current-->', '<!--/each:sessions-->'])(
  'In a list %s',
  (text) => {
    test('is shown letter for letter, and is nothing but text', () => {
      const items = [
        { id: '1', device: text, current: 'true' },
        { id: '2', device: text, current: 'false' },
      ];
      const filled = fillPage(listPage, {
        reader: { id: '1', name: text },
        typed: { email: text },
        slots: { 'user-email': text },
        lists: { sessions: items },
      });
      const [, shown = '', again = '', value = '', hidden = ''] =
        /^<ul><li id="1">([^<>"']*)\{\{nothing\}\}here<\/li><li id="2">([^<>"']*)\{\{nothing\}\}there 2<\/li><\/ul><input value="([^<>"']*)"><input data-value="user-email" value="([^<>"']*)">$/u.exec(
          filled,
        ) ?? [];
      expect([shown, again, value, hidden].map(unescape)).toEqual([text, text, text, text]);
    });
  },
);

test('A list without items leaves nothing, and one that is not given stays as it was built', () => {
  expect(fillPage(listPage, { reader: null, lists: { sessions: [] } })).toBe(
    '<ul></ul><input data-typed="email"><input data-value="user-email">',
  );
  expect(fillPage(listPage, { reader: null, lists: { activities: [] } })).toBe(listPage);
});

test('No page of the site has a mark that would show a password again', () => {
  for (const { fileName, isPage, bytes } of listBuiltFiles()) {
    if (!isPage) continue;
    const fields = bytes.toString().match(/<input[^>]*type="password"[^>]*>/g) ?? [];
    expect([fileName, fields.filter((field) => /data-typed|value=/.test(field))]).toEqual([
      fileName,
      [],
    ]);
  }
});

test("A member's page is the built one but for its marks", async () => {
  await using server = await startTestServer('sqlite');
  const name = `<b>"Zoë" & 'שלום' $&</b>`;
  const { browser, user } = await signUp(server, { name });
  await server.database.User.update({ roles: ['gold'] }, { where: { id: user.id } });
  for (const { path, fileName, isPage, bytes } of listBuiltFiles()) {
    // The dashboard's, the operator's and the list of articles have more marks: see their own tests.
    const others = [
      ...['/login', '/register', '/second-factor', '/404', '/problem'],
      ...['/dashboard', '/dashboard/second-factor', '/blog'],
      '/dashboard/other-service',
    ];
    if (!isPage || others.includes(path) || /^\/operator(\/|$)/.test(path)) {
      continue;
    }
    const html = await (await browser.visit(path)).text();
    const undone = html
      .replace('data-session="in"', 'data-session="out"')
      .replaceAll(` value="${user.id}"`, '')
      .replaceAll('&lt;b&gt;&quot;Zoë&quot; &amp; &#39;שלום&#39; $&amp;&lt;/b&gt;', '');
    expect([fileName, undone === bytes.toString()]).toEqual([fileName, true]);
    expect(html, `${path} ${fileName}`).toContain('data-session="in"');
  }
});
