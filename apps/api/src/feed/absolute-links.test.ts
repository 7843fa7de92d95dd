import { expect, test } from 'vitest';
import { makeLinksAbsolute } from './absolute-links.ts';

const base = 'https://site.example/blog/an-article';

test.each([
  [
    '<a href="/login?next=/x&amp;y=1#top">',
    '<a href="https://site.example/login?next=/x&amp;y=1#top">',
  ],
  [
    '<a class="a" href=\'other\' id="b">',
    '<a class="a" href=\'https://site.example/blog/other\' id="b">',
  ],
  ['<a href=/login>', '<a href=https://site.example/login>'],
  ['<A HREF = "#end">', '<A HREF = "https://site.example/blog/an-article#end">'],
  ['<a href="//cdn.example/x">', '<a href="https://cdn.example/x">'],
  [
    '<img src="/a.png" alt="1 > 0 href=/x" />',
    '<img src="https://site.example/a.png" alt="1 > 0 href=/x" />',
  ],
  [
    '<img srcset="/a.png 1x, /b,c.png 2x" src="./a.png">',
    '<img srcset="https://site.example/a.png 1x, https://site.example/b,c.png 2x" src="https://site.example/blog/a.png">',
  ],
  [
    '<video poster="/p.png"><source src="/v.mp4"></video>',
    '<video poster="https://site.example/p.png"><source src="https://site.example/v.mp4"></video>',
  ],
])('%s becomes %s', (html, absolute) => {
  expect(makeLinksAbsolute(html, base)).toBe(absolute);
});

test.each([
  '<a href="https://elsewhere.example/A%20b?c#d">there</a>',
  '<a href="mailto:ada@example.com">mail</a>',
  '<a href="http://[">no address</a>',
  '<p>An attribute such as href="/login" in a text, and a < b</p>',
  '<code>&lt;a href="/login"></code>',
  '<p data-href="/login" title=\'src="/x"\' hidden>',
  '<p constructor="/x">',
])('%s stays as it was', (html) => {
  expect(makeLinksAbsolute(html, base)).toBe(html);
});
