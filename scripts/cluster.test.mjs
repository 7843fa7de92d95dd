// @ts-check
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { describeNginx } from './cluster/describe-nginx.ts';
import { cleanEnvironment, pinnedNode, root } from './workspace.mjs';

/**
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} [more]
 */
function run(words, more) {
  const { status, stderr } = spawnSync(pinnedNode, words, {
    cwd: root,
    env: cleanEnvironment(more),
    encoding: 'utf8',
  });
  return { status, stderr };
}

for (const words of [['three'], ['0'], ['17'], ['2.5'], ['-1'], ['3', '4'], ['--processes=3']]) {
  test(`npm run cluster -- ${words.join(' ')} says how many it can start`, () => {
    const { status, stderr } = run(['scripts/cluster.mjs', ...words]);
    assert.equal(status, 1);
    assert.match(stderr, /one number.*from 1 to 16, such as npm run cluster -- 3/);
  });
}

test('a named nginx that does not run is told', () => {
  const { status, stderr } = run(['scripts/cluster.mjs'], { NGINX_PATH: '/nowhere/nginx' });
  assert.equal(status, 1);
  assert.match(stderr, /NGINX_PATH names \/nowhere\/nginx, which does not run/);
});

test('a cluster whose port is taken says so, and starts nothing', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { status, stderr } = run(['scripts/cluster/main.ts', '3'], { PORT: port });
  other.close();
  assert.equal(status, 1);
  assert.match(stderr, /cannot listen at 127\.0\.0\.1:\d+: another program uses this port/);
});

test('a fault of the settings is told before anything starts', () => {
  const { status, stderr } = run(['scripts/cluster/main.ts', '3'], { PORT: 'http' });
  assert.equal(status, 1);
  assert.match(stderr, /PORT/);
});

test('nginx is set up as docs/deploy.md says', () => {
  const guide = readFileSync(path.join(root, 'docs/deploy.md'), 'utf8');
  const samples = [...guide.matchAll(/^```nginx\n(.*?)^```$/gms)].map(([, sample = '']) => sample);
  const lines = samples.flatMap((sample) => sample.split('\n')).map((line) => line.trim());
  const wanted = lines.filter((line) => line.endsWith(';'));
  assert.equal(wanted.length, 5, 'the pattern finds two servers and three settings');
  const upstreams = [3000, 3001].map((port) => ({ port, isDown: false }));
  const written = describeNginx(root, '127.0.0.1:80', upstreams).split('\n');
  const missing = wanted.filter((line) => !written.some((own) => own.trim() === line));
  assert.deepEqual(missing, []);
});

test('a process that is being restarted is down for nginx', () => {
  const text = describeNginx(root, '127.0.0.1:80', [
    { port: 3000, isDown: false },
    { port: 3001, isDown: true },
  ]);
  assert.match(text, /server 127\.0\.0\.1:3000 max_fails=0;/);
  assert.match(text, /server 127\.0\.0\.1:3001 max_fails=0 down;/);
});
