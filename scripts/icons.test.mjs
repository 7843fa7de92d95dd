// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { pictures } from './icons.mjs';
import { root } from './workspace.mjs';

const largestBytes = 60_000;

/** @param {Buffer} png */
const sizeOf = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];

/** The tests' own site: that of the owner is looked at in e2e/own-site.spec.ts. */
const site = path.join(root, 'fixture/apps/web');

/** @param {string} name */
const read = (name) => readFileSync(path.join(site, name), 'utf8');

const manifest = JSON.parse(read('public/manifest.webmanifest'));

test('every picture is there, as large as it is said to be, and small', () => {
  for (const [name, , width, height] of pictures) {
    const content = readFileSync(path.join(site, 'public', name));
    const png = name.endsWith('.ico') ? content.subarray(22) : content;
    assert.equal(png.toString('latin1', 1, 4), 'PNG', name);
    assert.deepEqual(sizeOf(png), [width, height], name);
    assert.ok(content.length < largestBytes, `${name}: ${content.length} bytes`);
  }
});

test('the manifest names icons of their sizes, and the colours of the site', () => {
  for (const { src, sizes } of manifest.icons) {
    const drawn = pictures.find(([name]) => `/${name}` === src);
    assert.equal(drawn && `${drawn[2]}x${drawn[3]}`, sizes, src);
  }
  const [, paper] = /--paper: light-dark\((#\w+)/.exec(read('src/styles/tokens.css')) ?? [];
  assert.deepEqual([manifest.background_color, manifest.theme_color], [paper, paper]);
});

test('whatever the manifest and the pages name is public', () => {
  const list = readFileSync(path.join(root, 'packages/shared/fixture/access-rules.ts'), 'utf8');
  for (const [name] of pictures) assert.ok(list.includes(`'/${name}'`), name);
  assert.ok(list.includes("'/manifest.webmanifest'"));
});
