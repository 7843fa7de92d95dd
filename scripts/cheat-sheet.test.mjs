// @ts-check
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { cheatSheet, cheatSheetSource, fingerprintSource } from './cheat-sheet.mjs';
import { root } from './workspace.mjs';

const largestBytes = 150_000;

/** @param {string} name */
const read = (name) => readFileSync(path.join(root, name), 'utf8');
const html = existsSync(cheatSheetSource) ? readFileSync(cheatSheetSource, 'utf8') : '';
const text = html.replace(/\s+/g, ' ');
const skip =
  !/<title>Latchkey\b/.test(html) && 'It is the sample no more: the site has others, or none.';

/** @param {RegExp} pattern with one group */
const findAll = (pattern) => [...text.matchAll(pattern)].map(([, found = '']) => found);

test('the cheat sheet is the print of its source, tagged and small', { skip }, () => {
  const pdf = readFileSync(cheatSheet);
  const isCurrent = pdf.includes(`/Source (${fingerprintSource()})`);
  assert.ok(isCurrent, 'its source has changed: run "npm run cheat-sheet"');
  assert.ok(pdf.includes('/StructTreeRoot') && pdf.includes('/Lang (en)'));
  assert.ok(pdf.length < largestBytes, `${pdf.length} bytes`);
});

test('every command on the cheat sheet exists', { skip }, () => {
  const scripts = JSON.parse(read('package.json')).scripts;
  const commands = findAll(/>npm (?:run )?([\w:]+)/g);
  assert.ok(commands.length > 5, 'the pattern finds the commands');
  assert.deepEqual(
    commands.filter((name) => !(name in scripts)),
    [],
  );
});

test('every path on the cheat sheet exists', { skip }, () => {
  const paths = findAll(/<code>((?:apps|packages|docs)\/[\w./-]+)/g).filter(
    (name) => !/about\.astro|\/dist$/.test(name),
  );
  assert.ok(paths.length > 5, 'the pattern finds the paths');
  assert.deepEqual(
    paths.filter((name) => !existsSync(path.join(root, name))),
    [],
  );
});

test('every setting on the cheat sheet exists', { skip }, () => {
  const source = read('apps/api/src/settings/settings.ts');
  const names = findAll(/>([A-Z]+(?:_[A-Z]+)+)</g);
  assert.ok(names.length > 5, 'the pattern finds the settings');
  assert.deepEqual(
    names.filter((name) => !source.includes(` ${name}: `)),
    [],
  );
});

test('the messages on the cheat sheet are the ones that people see', { skip }, () => {
  const source = read('packages/shared/src/messages.ts');
  const [table = ''] = /<table class="rows messages named">.*?<\/table>/.exec(text) ?? [];
  const rows = [...table.matchAll(/>([\w-]+)<\/th> <td>(.*?)<\/td>/g)];
  assert.ok(rows.length > 5, 'the pattern finds the messages');
  for (const [, id, message] of rows) {
    assert.match(source, new RegExp(`^ *'?${id}'?:\\s+'${message}',$`, 'm'));
  }
});
