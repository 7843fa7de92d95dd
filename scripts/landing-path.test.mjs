// @ts-check
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { root } from './workspace.mjs';

const folders = ['apps/api/src', 'apps/web/src', 'packages/shared/src'];
const isProgram = (/** @type {string} */ name) => /(?<!\.test)\.(ts|astro)$/.test(name);

/** Every program of the product, by its name below the root. */
const listPrograms = () =>
  folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(isProgram)
      .map((name) => path.join(folder, name)),
  );

test('where people land is written in one place', () => {
  const programs = listPrograms();
  assert.ok(programs.length > 100, 'the programs are found');
  const naming = programs.filter((name) =>
    /['"]\/secrets['"#?]/.test(readFileSync(path.join(root, name), 'utf8')),
  );
  assert.deepEqual(
    naming.filter((name) => name !== 'packages/shared/src/site.ts'),
    [],
  );
});
