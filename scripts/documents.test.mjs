// @ts-check
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { copyWorkspace } from './copy-workspace.mjs';
import { findAddress, runCommand } from './run-command.mjs';
import { root } from './workspace.mjs';

/** Each document by its path. The records in docs/decisions are of their day, so they stay out. */
const documents = Object.fromEntries(
  ['.', 'docs']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder)).map((name) => path.join(folder, name)),
    )
    .filter((file) => file.endsWith('.md'))
    .map((file) => [file, read(file)]),
);
const allText = Object.values(documents).join('\n');
/** @type {Record<string, string>} */
const npmScripts = JSON.parse(read('package.json')).scripts;

/** Samples that a site of one's own does without. */
const samples = ['apps/api/cheat-sheet', 'apps/web/icons'];
const isThere = (/** @type {string} */ name) =>
  samples.includes(name) ||
  ['.', 'fixture'].some((folder) => existsSync(path.join(root, folder, name)));

/** Whether a path is one that the documents have people make. */
const isAdded = (/** @type {string} */ name) =>
  /\/(about\.astro|plain\.astro|handbook\.astro|rules\.md|plan\.svg|house-rules\.md|my-article\.md|2026-12-01-company\.ts|dist)$/.test(
    name,
  );

/** @param {string} file from the project's folder */
function read(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

/**
 * @param {RegExp} pattern with one group
 * @param {string} [text]
 */
const findAll = (pattern, text = allText) =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

/**
 * The title of a page, once there is one: in development the site comes up after the server.
 *
 * @param {string} address
 * @returns {Promise<string>}
 */
async function waitForTitle(address) {
  const answer = await fetch(address);
  const html = await answer.text();
  if (answer.status === 503) {
    await setTimeout(200);
    return waitForTitle(address);
  }
  return /<title>(.*?)<\/title>/.exec(html)?.[1] ?? html;
}

test('every command of the documents exists, and every command is in the documents', () => {
  const named = new Set(findAll(/`npm run ([\w:-]+)/g));
  const described = Object.keys(npmScripts).filter(
    (name) => !['start', 'test'].includes(name) && !name.endsWith(':root'),
  );
  assert.deepEqual([...named].sort(), described.sort());
});

test('every path of the documents exists', () => {
  const paths = findAll(/`((?:apps|packages|docs|e2e|bench|scripts)(?:\/[\w./-]+)?)`/g).filter(
    (name) => !isAdded(name),
  );
  assert.ok(paths.length > 10, 'the pattern finds the paths');
  assert.deepEqual(
    paths.filter((name) => !isThere(name)),
    [],
  );
});

test('every link between the documents leads somewhere', () => {
  const links = Object.entries(documents).flatMap(([file, text]) =>
    findAll(/\]\((?!https?:)([^)\s]+)\)/g, text.replace(/`[^`\n]+`/g, '')).map((link) => ({
      file,
      link,
    })),
  );
  assert.ok(links.length > 10, 'the pattern finds the links');
  const broken = links.filter(({ file, link }) => {
    const [name = '', heading] = link.split('#');
    const target = name === '' ? file : path.join(path.dirname(file), name);
    if (!existsSync(path.join(root, target))) return true;
    return heading !== undefined && !anchorsOf(target).includes(heading);
  });
  assert.deepEqual(broken, []);
});

/**
 * What a link may name after its `#`: the headings, as GitHub writes them.
 *
 * @param {string} file
 */
function anchorsOf(file) {
  return findAll(/^#+ (.+)$/gm, documents[file] ?? '').map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every guide is on the map in the README, which is short', () => {
  const readme = read('README.md');
  const missing = Object.keys(documents).filter(
    (file) => file !== 'README.md' && !readme.includes(`](${file})`),
  );
  assert.deepEqual(missing, [], 'README.md, "Documents", links every guide');
  assert.ok(readme.trimEnd().split('\n').length <= 150, 'README.md has at most 150 lines');
});

test('the samples of the README are those of docs/site.md, which a test builds', () => {
  const samples = findAll(/^```(?:astro|md)\n([^]*?)^```$/gm, read('README.md'));
  assert.equal(samples.length, 3, 'a public page, a members’ page and an article');
  const guide = read('docs/site.md').replaceAll(/^ {3}/gm, '');
  const plain = (/** @type {string} */ text) => text.replaceAll(/^ +/gm, '');
  assert.deepEqual(
    samples.filter((sample) => !plain(guide).includes(plain(sample))),
    [],
  );
});

test('every test that docs/provenance.md names is there', () => {
  const rows = [
    ...read('docs/provenance.md').matchAll(
      /^\|.*\| `([\w./-]+\.(?:test|spec)\.m?ts|[\w./-]+\.test\.mjs)`: (.+?) +\|$/gm,
    ),
  ];
  assert.ok(rows.length > 20, 'the pattern finds the rows');
  const missing = rows.filter(([, file = '', title = '']) => !read(file).includes(`'${title}`));
  assert.deepEqual(
    missing.map(([row]) => row),
    [],
  );
});

// ASVS 7.1.1
test('the table of settings has every setting, with its default', () => {
  const example = [...read('.env.example').matchAll(/^# ?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value],
  );
  const table = [
    ...read('docs/settings.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\| (.*?) +\| .*\|$/gm),
  ].map(([, name = '', cell = '']) => [name, readDefault(cell)]);
  assert.deepEqual(
    Object.fromEntries(table),
    Object.fromEntries(example),
    'A setting is one row of the table in docs/settings.md (not in the README) and one line of .env.example, with the same default.',
  );
  assert.equal(table.length, example.length, 'no setting stands twice');
});

/**
 * A default of the table as `.env.example` has it, which a test of apps/api holds to the schema.
 *
 * @param {string} cell
 */
function readDefault(cell) {
  if (['none', 'the number of cores'].includes(cell)) return '';
  return cell.replaceAll('`', '').replace('PORT', '3000').replace('DATA_DIR', 'data');
}

for (const words of [
  ['npm', 'start'],
  ['npm', 'run', 'dev'],
]) {
  test(`${words.join(' ')} serves the site, and ends well`, { timeout: 300_000 }, async (t) => {
    const copy = copyWorkspace();
    t.after(() => rmSync(copy, { recursive: true }));
    let title = '';
    const { code, output } = await runCommand(
      words,
      async (line) => {
        const address = findAddress(line);
        if (!address || title) return false;
        title = await waitForTitle(address);
        return true;
      },
      copy,
    );
    assert.match(title, /Latchkey/, output);
    const addresses = new Set(output.match(/http:\/\/127[\d.]+:\d+/g));
    assert.equal(addresses.size, 1, 'it tells one address, which has the gate');
    assert.equal(code, 0, output);
  });
}

test('npm run db:migrate brings an empty database up to date', async () => {
  const { code, output } = await runCommand(['npm', 'run', 'db:migrate'], () => false);
  assert.equal(code, 0, output);
  assert.match(output, /up to date/);
});

test('npm run db:seed prints people with passwords', async () => {
  const { code, output } = await runCommand(['npm', 'run', 'db:seed'], () => false);
  assert.equal(code, 0, output);
  assert.match(output, /ada@example\.com {2}\S{16}/);
});
