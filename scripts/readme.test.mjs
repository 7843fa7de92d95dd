// @ts-check
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { copyWorkspace } from './copy-workspace.mjs';
import { findAddress, runCommand } from './run-command.mjs';
import { root } from './workspace.mjs';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
/** @type {Record<string, string>} */
const npmScripts = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).scripts;

/** Samples that a site of one's own does without. */
const samples = ['apps/api/cheat-sheet', 'apps/web/icons'];
const isThere = (/** @type {string} */ name) =>
  samples.includes(name) ||
  ['.', 'fixture'].some((folder) => existsSync(path.join(root, folder, name)));

/** Whether a path is one that the README has people make. */
const isAdded = (/** @type {string} */ name) =>
  /\/(about\.astro|plain\.astro|handbook\.astro|rules\.md|plan\.svg|house-rules\.md|my-article\.md|2026-12-01-company\.ts|dist)$/.test(
    name,
  );
/** @param {RegExp} pattern with one group */
const findAll = (pattern) => [...readme.matchAll(pattern)].map(([, found = '']) => found);

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

test('every command of the README exists, and every command is in the README', () => {
  const named = new Set(findAll(/`npm run ([\w:-]+)/g));
  const described = Object.keys(npmScripts).filter(
    (name) => !['start', 'test'].includes(name) && !name.endsWith(':root'),
  );
  assert.deepEqual([...named].sort(), described.sort());
});

test('every path of the README exists', () => {
  const paths = [
    ...findAll(/`((?:apps|packages|docs|e2e|bench|scripts)(?:\/[\w./-]+)?)`/g),
    ...findAll(/\]\((?!https?:)([^)#]+)\)/g),
  ].filter((name) => !isAdded(name));
  assert.ok(paths.length > 10, 'the pattern finds the paths');
  assert.deepEqual(
    paths.filter((name) => !isThere(name)),
    [],
  );
});

test('every test that the README names is there', () => {
  const rows = [
    ...readme.matchAll(
      /^\|.*\| `([\w./-]+\.(?:test|spec)\.m?ts|[\w./-]+\.test\.mjs)`: (.+?) +\|$/gm,
    ),
  ];
  assert.ok(rows.length > 20, 'the pattern finds the rows');
  const missing = rows.filter(([, file = '', title = '']) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return !text.includes(`'${title}`);
  });
  assert.deepEqual(
    missing.map(([row]) => row),
    [],
  );
});

test('the README and .env.example have the same settings', () => {
  const example = readFileSync(path.join(root, '.env.example'), 'utf8');
  const inExample = [...example.matchAll(/^# ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
  const inReadme = findAll(/^\| `([A-Z][A-Z0-9_]+)` +\|/gm);
  assert.deepEqual(inReadme.sort(), inExample.sort());
});

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
