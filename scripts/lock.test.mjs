// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { root } from './workspace.mjs';

const module = pathToFileURL(path.join(root, 'scripts/lock.mjs')).href;
const name = `lock-test-${process.pid}`;
const file = path.join(root, `.cache/${name}.lock`);
const waiting = /Another command is running/;
const timeout = 120_000;

after(() => rmSync(file, { force: true }));

/**
 * A process that takes the lock, says so, and does `work`.
 *
 * @param {string} work
 */
function takeLock(work) {
  const code = `import { noteWorker, withLock } from ${JSON.stringify(module)};
    import { spawn } from 'node:child_process';
    await withLock(${JSON.stringify(name)}, async () => { console.log('taken'); ${work} });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = once(child, 'close').then(() => output);
  const says = async (/** @type {RegExp} */ pattern) => {
    while (!pattern.test(output)) await once(child.stdout, 'data');
  };
  return { child, ended, says };
}

const forEver = 'await new Promise((done) => setTimeout(done, 60_000));';
const untilTold = `await new Promise((done) => process.stdin.once('data', done)); process.stdin.destroy(); console.log('done');`;

test('two runs take turns, and the second says that it waits', { timeout }, async () => {
  const first = takeLock(untilTold);
  await first.says(/taken/);
  const second = takeLock('');
  await second.says(waiting);
  first.child.stdin.write('\n');
  assert.match(await second.ended, /Waiting for it…\ntaken/);
  assert.match(await first.ended, /done/);
  assert.equal(existsSync(file), false);
});

test('after a run that was killed, the next one begins at once', { timeout }, async () => {
  const first = takeLock(forEver);
  await first.says(/taken/);
  first.child.kill('SIGKILL');
  await first.ended;
  assert.equal(existsSync(file), true);
  assert.equal(await takeLock('').ended, 'taken\n');
});

test('what a killed run left at work is waited for', { timeout }, async () => {
  const first = takeLock(
    `const child = spawn('sleep', ['60']); noteWorker(child.pid); console.log('worker ' + child.pid + '.'); ${forEver}`,
  );
  await first.says(/worker \d+\./);
  first.child.kill('SIGKILL');
  const [, pid] = /worker (\d+)\./.exec(await first.ended) ?? [];
  const second = takeLock('');
  await second.says(waiting);
  process.kill(Number(pid));
  assert.match(await second.ended, /taken/);
});

for (const [content = '', from = ''] of [
  ['12345', 'an older version'],
  ['', 'a run that had no time to write'],
  ['elsewhere pid:[1]\n1', 'another machine'],
]) {
  test(`a lock of ${from}, from the future, is given up`, { timeout }, async () => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    const future = new Date(Date.now() + 365 * 86_400_000);
    utimesSync(file, future, future);
    assert.match(await takeLock('').ended, /taken/);
  });
}
