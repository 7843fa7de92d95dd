// @ts-check
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';

import { demandPlainPath } from './place.mjs';
import { root } from './workspace.mjs';

/** @type {string} */
let folder;
before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'latchkey-place-'));
  chmodSync(folder, 0o755);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The set-up, as it is right after cloning, in a folder of this name.
 *
 * @param {string} name
 */
function clone(name) {
  const copy = path.join(folder, name);
  mkdirSync(copy);
  for (const part of ['scripts', 'package.json', 'package-lock.json'])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  return copy;
}

/**
 * @param {string} copy
 * @param {object} [options]
 */
function start(copy, options) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], {
    cwd: copy,
    encoding: 'utf8',
    ...options,
  });
  return { status, output: stdout + stderr };
}

for (const name of ['a#b', 'a?b', 'a*b', 'a:b']) {
  test(`a clone in ${name} is refused before anything is installed`, () => {
    const copy = clone(name);
    const { status, output } = start(copy);
    assert.equal(status, 1);
    assert.match(output, /The path of this folder has the sign ".", .*Nothing was installed\./s);
    assert.doesNotMatch(output, /^ +at /m);
    assert.equal(existsSync(path.join(copy, 'node_modules')), false);
    assert.equal(existsSync(path.join(copy, '.cache')), false);
  });
}

test('paths with other signs are taken', () => {
  for (const name of ['100%', '%41', 'a b', '[a]', "it's", '"', 'é', '{}', '!', '$a', '&;', '(1)'])
    demandPlainPath(`/srv/${name}`);
});

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
test(
  'a folder that this user may not write is told in a sentence',
  { skip: process.platform === 'win32' },
  () => {
    const copy = clone('of another');
    chmodSync(copy, 0o555);
    const { status, output } = start(copy, isRoot ? { uid: nobody, gid: nobody } : {});
    assert.equal(status, 1);
    assert.match(output, /latchkey: .*\.cache could not be written: this user may not\./);
    assert.doesNotMatch(output, /^ +at /m);
    chmodSync(copy, 0o755);
  },
);
