// @ts-check
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { copyWorkspace } from './copy-workspace.mjs';
import { root, tool, toolEnvironment } from './workspace.mjs';

const timeout = 300_000;

/** What people write or put in: a change of each must reach the site, and git must carry it. */
const written = [
  'apps/web/public/data/hours.txt',
  'apps/web/public/dist/app.js',
  'apps/web/public/visits.log',
  'apps/web/public/sample.sqlite',
  'apps/web/public/.well-known/security.txt',
  'apps/web/public/vendor/node_modules/three/index.js',
  'apps/web/src/pages/data/index.md',
  'apps/web/src/pages/dist.old/index.md',
  'apps/web/src/content/blog/dist/article.md',
  'packages/shared/src/data/rooms.ts',
];
const ignored = '*\n!*/\ndata/\ndist/\n*.log\n*.txt\n';

/** @type {string} */
let copy;

before(() => {
  copy = copyWorkspace();
  for (const file of [...written, 'apps/api/downloads/data/plan.log']) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    writeFileSync(path.join(copy, file), 'old');
  }
  writeFileSync(path.join(copy, '.gitignore'), readFileSync(path.join(root, '.gitignore')));
});
after(() => rmSync(copy, { recursive: true, force: true }));

/** @param {...string} words */
function git(...words) {
  return execFileSync('git', words, { cwd: copy, encoding: 'utf8' });
}

/** The hash of the site's build, which decides whether it is built anew. */
function hashBuild() {
  const words = ['run', 'build', '--filter=@latchkey/web', '--dry=json'];
  const plan = execFileSync(tool('turbo'), words, {
    cwd: copy,
    env: toolEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { tasks } = JSON.parse(plan);
  return tasks.find((/** @type {any} */ { taskId }) => taskId === '@latchkey/web#build').hash;
}

function findUnseen() {
  let hash = hashBuild();
  return written.filter((file) => {
    appendFileSync(path.join(copy, file), ' and new');
    const former = hash;
    hash = hashBuild();
    return hash === former;
  });
}

test('without git, every change of what people write makes a new build', { timeout }, () => {
  assert.deepEqual(findUnseen(), []);
});

test('git carries what people write, whatever its other rules ignore', () => {
  git('init', '--quiet');
  writeFileSync(path.join(copy, '.git/info/exclude'), ignored);
  const listed = git('ls-files', '--others', '--exclude-standard').split('\n');
  const missing = [...written, 'apps/api/downloads/data/plan.log'].filter(
    (file) => !listed.includes(file),
  );
  assert.deepEqual(missing, []);
  const made = ['node_modules/', 'data/', '.env', '.env.local', 'apps/web/dist/', 'x.sqlite'];
  assert.deepEqual(
    git('check-ignore', ...made)
      .trim()
      .split('\n'),
    made,
  );
});

test('with rules of git that ignore it, a change makes a new build', { timeout }, () => {
  assert.deepEqual(findUnseen(), []);
});

test('a changed public file is in the site that is built next', { timeout }, () => {
  const file = 'data/hours.txt';
  const build = () =>
    execFileSync(tool('turbo'), ['run', 'build', '--filter=@latchkey/web'], {
      cwd: copy,
      env: toolEnvironment({ LATCHKEY_ENV_FILE: '', PUBLIC_URL: '' }),
      encoding: 'utf8',
    });
  const rest = written.filter((name) => /\.(md|ts)$/.test(name));
  for (const name of rest) rmSync(path.join(copy, path.dirname(name)), { recursive: true });
  for (const hours of ['from nine', 'from ten']) {
    writeFileSync(path.join(copy, 'apps/web/public', file), hours);
    build();
    assert.equal(readFileSync(path.join(copy, 'apps/web/dist', file), 'utf8'), hours);
  }
});
