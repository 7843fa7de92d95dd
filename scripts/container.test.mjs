// @ts-check
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { validate } from 'dockerfile-utils';

import { listCandidates, runs } from './executables.mjs';
import { cleanEnvironment, root } from './workspace.mjs';

// The image itself takes minutes and a hub, so it is not built here.

const dockerfile = readFileSync(path.join(root, 'Dockerfile'), 'utf8');
const compose = listCandidates(['docker-compose']).find((file) => runs(file, ['version']));
const skip = compose ? false : 'There is no docker-compose here.';
const secrets = { DOMAIN: 'example.com', POSTGRES_PASSWORD: 'not-in-the-file' };

/** @param {string} text */
const lint = (text) =>
  validate(text).map(({ message, range }) => `${range.start.line}: ${message}`);

/**
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 */
function readCompose(file, env) {
  const args = ['--project-directory', root, '--file', path.join(root, file), 'config'];
  const { status, stdout, stderr } = spawnSync(compose ?? '', args, {
    env: cleanEnvironment(env),
    cwd: path.join(root, 'scripts'),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('the linter finds nothing in the Dockerfile, and something in a faulty one', () => {
  assert.deepEqual(lint(dockerfile), []);
  assert.notDeepEqual(lint(dockerfile.replace('USER node', 'USER')), []);
});

test('both stages of the Dockerfile have the Node.js that the project pins', () => {
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, found]) => found);
  assert.deepEqual(versions, [devDependencies.node, devDependencies.node]);
});

test('the image runs as a user of its own, and has a health check', () => {
  const [, last = ''] = dockerfile.split(/^FROM .*-slim$/m);
  assert.match(last, /^USER node$/m);
  assert.match(last, /^HEALTHCHECK /m);
  assert.match(last, /HOST=0\.0\.0\.0/);
});

test('docker-compose reads compose.yaml without any setting', { skip }, () => {
  const { status, stdout, stderr } = readCompose('compose.yaml', {});
  assert.equal(status, 0, stderr);
  assert.match(stdout, /PUBLIC_URL: http:\/\/localhost:3000/);
});

test('docker-compose reads compose.postgres.yaml, with three processes', { skip }, () => {
  const { status, stdout, stderr } = readCompose('compose.postgres.yaml', secrets);
  assert.equal(status, 0, stderr);
  assert.equal(stdout.match(/^ {2}latchkey-\d:/gm)?.length, 3);
  assert.match(stdout, /postgres:\/\/latchkey:not-in-the-file@postgres\/latchkey/);
});

test('compose.postgres.yaml asks for what it has no default for', { skip }, () => {
  for (const name of Object.keys(secrets)) {
    const { status, stderr } = readCompose('compose.postgres.yaml', { ...secrets, [name]: '' });
    assert.notEqual(status, 0);
    assert.match(stderr, new RegExp(`Set ${name}`));
  }
});
