import { describePolicy } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { findBlocked, findBlockedInFile, parsePolicy } from './find-blocked.ts';

const policy = parsePolicy(describePolicy({}));
const told = (html: string, allowed = policy) =>
  findBlocked(`<!doctype html>\n<body>\n${html}`, allowed).map(
    ({ directive, line }) => `${directive} ${line}`,
  );

test.each([
  ['style-src 3', '<p style="color: red">A</p>'],
  ['style-src 3', '<style>p { color: red }</style>'],
  ['style-src 3', '<link rel="stylesheet" href="https://fonts.example/css?family=A">'],
  ['font-src 3', '<link rel="preload" as="font" href="//fonts.example/a.woff2">'],
  ['script-src 3', '<button onclick="go()">A</button>'],
  // Its attributes join those of the first.
  ['script-src 2', '<body onload="go()">'],
  ['script-src 3', '<a href="javascript:go()">A</a>'],
  ['script-src 3', '<form action=" JavaScript:go()"></form>'],
  ['script-src 3', '<script>go()</script>'],
  ['script-src 3', '<script type="module">go()</script>'],
  ['script-src 3', '<script type="importmap">{"imports":{}}</script>'],
  ['script-src 3', '<script src="https://cdn.example/a.js"></script>'],
  ['script-src 3', '<noscript><img onerror="go()"></noscript>'],
  ['img-src 3', '<img src="http://pictures.example/a.png" alt="">'],
  ['img-src 3', '<img src="data:image/png;base64,AAAA" alt="">'],
  ['img-src 3', '<img srcset="/a.png 1x, https://pictures.example/b.png 2x" alt="">'],
  ['img-src 3', '<svg><image href="https://pictures.example/a.png"/></svg>'],
  ['media-src 3', '<video src="https://films.example/a.mp4"></video>'],
  ['media-src 3', '<audio><source src="https://films.example/a.mp3"></audio>'],
  ['img-src 3', '<video poster="https://films.example/a.png"></video>'],
  ['frame-src 3', '<iframe src="https://www.youtube.com/embed/a"></iframe>'],
  ['object-src 3', '<object data="/a.pdf"></object>'],
  ['object-src 3', '<embed src="/a.pdf">'],
  ['base-uri 3', '<base href="/">'],
  ['form-action 3', '<form action="https://mail.example/subscribe"></form>'],
  ['form-action 3', '<button formaction="https://mail.example/">A</button>'],
  ['img-src 4', '<template>\n<img src="https://pictures.example/a.png" alt=""></template>'],
])('%s: %s', (expected, html) => {
  expect(told(html)).toEqual([expected]);
});

test.each([
  '<img src="/a.png" srcset="a.png 1x, ../b.png 2x" alt="">',
  '<a href="https://elsewhere.example">A</a>',
  '<script type="application/ld+json">{"a":1}</script>',
  '<script src="/a.js"></script><link rel="stylesheet" href="/a.css"><link rel="icon" href="/a.ico">',
  '<link rel="canonical" href="https://site.example/"><link rel="preconnect" href="https://a.example">',
  '<form action="/login" method="post"><button>A</button></form><iframe src="/a"></iframe>',
  '<table><tr><td align="right">1</td></tr></table>',
  '<style></style><p style="">A</p>',
])('is not blocked: %s', (html) => {
  expect(told(html)).toEqual([]);
});

test('one list allows hosts', () => {
  const allowed = parsePolicy(
    describePolicy({
      'img-src': ['https://*.pictures.example', 'data:'],
      'script-src': ['https://cdn.example'],
      'frame-src': ['https://www.youtube.com'],
    }),
  );
  expect(
    told(
      `<img src="https://a.pictures.example/a.png" alt=""><img src="data:image/png,A" alt="">
<script src="https://cdn.example/a.js"></script><iframe src="https://www.youtube.com/embed/a"></iframe>
<img src="/a.png" alt=""><script src="/a.js"></script>`,
      allowed,
    ),
  ).toEqual([]);
  expect(told('<img src="https://pictures.example.evil/a.png" alt="">', allowed)).toHaveLength(1);
  expect(told('<script src="https://cdn.example.evil/a.js"></script>', allowed)).toHaveLength(1);
});

test('inline code with its hash in the policy runs', () => {
  const hash = "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='";
  const allowed = parsePolicy(`default-src 'self'; script-src 'self' ${hash}`);
  expect(told('<script>go()</script>', allowed)).toEqual([]);
});

test.each([
  ['a.css', '@import url("https://fonts.example/a.css");', 'style-src'],
  ['a.css', "a{}\n@font-face { src: url('https://fonts.example/a.woff2') }", 'font-src'],
  ['a.css', 'p { background: url(//pictures.example/a.png) }', 'img-src'],
  ['a.js', 'x = await fetch("https://api.example/v1")', 'connect-src'],
  ['a.js', "new WebSocket('wss://api.example')", 'connect-src'],
  ['a.js', 'import("https://cdn.example/a.js")', 'script-src'],
])('of %s, %s is blocked by %s', (name, text, directive) => {
  expect(findBlockedInFile(name, text, policy).map((one) => one.directive)).toEqual([directive]);
});
