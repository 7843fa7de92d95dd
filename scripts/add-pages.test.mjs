// @ts-check
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { copyWorkspace } from './copy-workspace.mjs';
import { findAddress, runCommand } from './run-command.mjs';
import { root } from './workspace.mjs';

// Does what docs/site.md says under "Add a public page" and what follows it, in a copy of the project.

const guide = readFileSync(path.join(root, 'docs/site.md'), 'utf8');
const listFile = 'packages/shared/src/access-rules.ts';
const pages = 'apps/web/src/pages';
const timeout = 300_000;

/** @typedef {{ status: number, location: string | null, text: string, cookie: string }} Answer */

/**
 * The sample that follows a path in the guide, without the indentation of a list.
 *
 * @param {string} file
 */
function findSample(file) {
  const after = guide.slice(guide.indexOf(`\`${file}\``));
  const [, indent = '', sample = ''] = /^( *)```\w+\n(.*?)^ *```$/ms.exec(after) ?? [];
  return sample.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

/**
 * @param {string} copy
 * @param {string} file
 * @param {string | Buffer} text
 */
function write(copy, file, text) {
  const target = path.join(copy, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** @param {string} copy */
function followGuide(copy) {
  for (const file of [
    `${pages}/about.astro`,
    `${pages}/handbook.astro`,
    `${pages}/rules.md`,
    `${pages}/plain.astro`,
    'apps/web/src/content/secrets/house-rules.md',
    'apps/web/src/content/blog/my-article.md',
  ]) {
    write(copy, file, findSample(file));
  }
  write(
    copy,
    'apps/web/src/content/blog/picture.md',
    '---\ntitle: Picture\nsummary: One.\ndate: 2026-11-20\n---\n\n![A key](./key.png)\n\n<!-- more -->\n\nThe rest.\n',
  );
  const picture = readFileSync(path.join(root, 'docs/images/home-light.png'));
  write(copy, 'apps/web/src/content/blog/key.png', picture);
  write(copy, 'apps/web/public/handbook/plan.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write(copy, 'apps/api/downloads/floor-plan.txt', 'Third door on the left.');
  const list = readFileSync(path.join(copy, listFile), 'utf8');
  const start = /export const accessRules.*\n/.exec(list)?.[0] ?? '';
  write(copy, listFile, list.replace(start, start + findSample(listFile)));
}

/**
 * @param {string} address
 * @param {RequestInit} [init]
 * @returns {Promise<Answer>}
 */
async function ask(address, init) {
  const answer = await fetch(address, { redirect: 'manual', ...init });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
  const location = answer.headers.get('location');
  return { status: answer.status, location, text: await answer.text(), cookie: cookie.join('; ') };
}

/** @param {string} address */
async function register(address) {
  const { cookie } = await ask(`${address}/register`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      password: 'three unrelated words',
    }),
  });
  return cookie;
}

const newPages = ['/about', '/handbook', '/rules'];
const visitorAsks = [
  ...[
    '/',
    '/about',
    '/handbook',
    '/rules',
    '/handbook/plan.svg',
    '/blog',
    '/blog/my-article',
    '/feed.xml',
  ],
  ...['/download/floor-plan.txt', '/download/nothing.txt'],
];
const memberAsks = [
  '/handbook',
  '/rules',
  '/plain',
  '/handbook/plan.svg',
  '/secrets',
  '/download/floor-plan.txt',
];

/** @param {string} address */
async function isAllThere(address) {
  const blog = await ask(`${address}/blog`);
  const pages = await Promise.all(newPages.map((name) => ask(address + name)));
  const isListed = ['My article', 'Picture'].every((title) => blog.text.includes(title));
  return isListed && pages.every(({ status }) => status !== 404);
}

/** @param {string} address */
async function askAll(address) {
  // In development the site sees a new file after a moment.
  while (!(await isAllThere(address))) await setTimeout(200);
  const { text } = await ask(`${address}/blog/picture`);
  const [, source = ''] = /<img [^>]*src="([^"]+)"/.exec(text) ?? [];
  assert.ok(source, text);
  assert.equal((await ask(address + source.replaceAll('&amp;', '&'))).status, 200, text);
  const cookie = await register(address);
  const askEach = async (/** @type {string[]} */ paths, /** @type {RequestInit} */ init) =>
    Object.fromEntries(
      await Promise.all(paths.map(async (name) => [name, await ask(address + name, init)])),
    );
  return {
    /** @type {Record<string, Answer>} */
    visitor: await askEach(visitorAsks, {}),
    /** @type {Record<string, Answer>} */
    member: await askEach(memberAsks, { headers: { cookie } }),
  };
}

/** @param {Record<string, Answer>} visitor */
function checkVisitor(visitor) {
  const statuses = Object.entries(visitor).map(([name, { status }]) => `${name} ${status}`);
  assert.deepEqual(statuses, [
    '/ 200',
    '/about 200',
    '/handbook 302',
    '/rules 302',
    '/handbook/plan.svg 401',
    '/blog 200',
    '/blog/my-article 200',
    '/feed.xml 200',
    '/download/floor-plan.txt 401',
    '/download/nothing.txt 404',
  ]);
  assert.equal(visitor['/handbook']?.location, '/login?next=%2Fhandbook#sign-in-required');
  assert.match(visitor['/about']?.text ?? '', /<h1>About us<\/h1>/);
  assert.match(visitor['/blog/my-article']?.text ?? '', /The rest is for those/);
  for (const list of ['/blog', '/feed.xml']) {
    assert.match(visitor[list]?.text ?? '', /What anybody may read/);
    assert.doesNotMatch(visitor[list]?.text ?? '', /The rest is for those/);
  }
}

/** @param {Record<string, Answer>} member */
function checkMember(member) {
  assert.deepEqual(
    Object.values(member).map(({ status }) => status),
    [200, 200, 200, 200, 200, 200],
  );
  assert.match(member['/handbook']?.text ?? '', /The house is yours,[^.]*Ada Lovelace/);
  const plain = member['/plain']?.text ?? '';
  assert.match(plain, /<html[^>]* data-session="in"/);
  assert.match(plain, /Plain, for[^.]*Ada Lovelace/);
  assert.match(plain, /documentElement\.dataset\.session="in"/);
  const rules = member['/rules']?.text ?? '';
  assert.match(rules, /<h1>Rules<\/h1>.*Whoever breaks a lock mends it before breakfast/s);
  assert.match(rules, /<html[^>]* data-members/);
  assert.match(member['/secrets']?.text ?? '', /Whoever comes last puts out the light/);
  assert.equal(member['/download/floor-plan.txt']?.text, 'Third door on the left.');
}

/**
 * Runs the site and asks it once it has started so many times.
 *
 * @param {string} copy
 * @param {string[]} words
 * @param {number} wantedStarts after the first, what the guide says is done
 */
async function askSite(copy, words, wantedStarts) {
  /** @type {Awaited<ReturnType<typeof askAll>> | undefined} */
  let answers;
  let starts = 0;
  const takeLine = async (/** @type {string} */ line) => {
    const address = findAddress(line);
    if (!address) return false;
    starts += 1;
    if (starts === wantedStarts) {
      answers = await askAll(address);
      return true;
    }
    // The site comes up after the server, and is not told of what was added before.
    while ((await ask(address)).status === 503) await setTimeout(200);
    followGuide(copy);
    return false;
  };
  const { output } = await runCommand(words, takeLine, copy);
  assert.ok(answers, output);
  return answers;
}

test('what the guide says to add is there while npm run dev runs', { timeout }, async (t) => {
  const copy = copyWorkspace();
  t.after(() => rmSync(copy, { recursive: true }));
  // The changed list starts the server again.
  const { visitor, member } = await askSite(copy, ['npm', 'run', 'dev'], 2);
  checkVisitor(visitor);
  checkMember(member);
});

test('what the guide says to add is there after npm start', { timeout }, async (t) => {
  const copy = copyWorkspace();
  t.after(() => rmSync(copy, { recursive: true }));
  followGuide(copy);
  const { visitor, member } = await askSite(copy, ['npm', 'start'], 1);
  checkVisitor(visitor);
  checkMember(member);
});

/** Private files, each with a sentence of its own, and public ones that hold the sentences. */
const leaky = {
  [`${pages}/team/plan.astro`]: `---
import Base from '../../layouts/Base.astro';
import map from '../../assets/map.svg';
---
<Base title="Plan" description="For members." path="/team/plan">
  <h1>Plan</h1>
  <p>The door opens at <b>half past seven</b> &ndash; sharp.</p>
  <img src={map.src} alt="" />
  <p data-public>Keep your key and your coat with you.</p>
  <script>import '../../lib/leaky.ts';</script>
</Base>`,
  [`${pages}/rooms/[slug].astro`]: `---
import Base from '../../layouts/Base.astro';
export const getStaticPaths = () => [{ params: { slug: 'cellar' } }];
---
<Base title="Room" description="For members." path="/rooms">
  <h1>Cellar</h1>
  <p>Behind the shelf of jars there’s a "way out".</p>
</Base>`,
  [`${pages}/bare.md`]: 'Nobody who reads this has come by the stairs.',
  'apps/web/src/assets/map.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7"/></svg>',
  'apps/web/public/rota.txt': 'Ada waters the plants on the second Monday.',
  'apps/web/src/lib/leaky.ts': "console.log('The door opens at half past seven – sharp.');",
  'apps/web/public/docs/index.html': '<p>Nobody who reads this has come by the stairs.</p>',
  [`${pages}/about.astro`]: `---
import Base from '../layouts/Base.astro';
const room = { html: '<p>Behind the shelf of jars there’s a "way out".</p>' };
---
<Base title="About" description="Ada waters the plants on the second Monday." path="/about">
  <h1>About</h1>
  <p>Keep your key and your coat with you.</p>
  <p>The spare key hangs <em>behind</em> the third clock from the left.</p>
  <p>The rest is for those who have a read left, or a key.</p>
  <div data-props={JSON.stringify(room)}></div>
</Base>`,
};

const wantedLeaks = [
  'public/rota.txt: "Ada waters the plants on the second Monday." in about.html',
  'src/content/blog/my-article.md: "The rest is for those who have a read left, or a key." in about.html',
  'src/pages/bare.md: "Nobody who reads this has come by the stairs." in docs/index.html',
  'src/pages/handbook.astro: "The spare key hangs behind the third clock from the left." in about.html',
  'src/pages/rooms/[slug].astro: "Behind the shelf of jars there’s a "way out"." in about.html',
  'src/pages/team/plan.astro: shows _astro/map.svg',
  'src/pages/team/plan.astro: "The door opens at half past seven – sharp." in _astro/plan.js',
];

test('a build with private text in public files fails, and names all', { timeout }, async (t) => {
  const copy = copyWorkspace();
  t.after(() => rmSync(copy, { recursive: true }));
  followGuide(copy);
  Object.entries(leaky).forEach(([file, text]) => write(copy, file, text));
  const list = readFileSync(path.join(copy, listFile), 'utf8');
  write(
    copy,
    listFile,
    list.replace("'/about': 'public',", "'/about': 'public', '/docs': 'public',"),
  );
  const { code, output } = await runCommand(['npm', 'run', 'build'], () => false, copy);
  assert.notEqual(code, 0, output);
  assert.ok(!existsSync(path.join(copy, 'apps/web/dist')), 'what leaks was published');
  const found = output.matchAll(
    / {2}((?:src|public)\/\S+:) (?:(".*")\n.* stands in|shows) dist\.new\/(\S+), which/g,
  );
  const leaks = [...found].map(([, file, text, publicFile = '']) => {
    const name = publicFile.replace(/(\.astro_.*)?\.[\w-]{8}(?=\.\w+$)/, '');
    return text ? `${file} ${text} in ${name}` : `${file} shows ${name}`;
  });
  assert.deepEqual(leaks.sort(), wantedLeaks.sort(), output);
});
