// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { findProofs } from './asvs/find-proofs.mjs';
import { requirements } from './asvs/requirements.mjs';
import { writeTable } from './asvs/write-table.mjs';
import { root } from './workspace.mjs';

const rows = Object.values(requirements).flat();
const proofs = findProofs();

test('every row of ASVS has a test', () => {
  const faulty = rows.filter(({ id }) => !proofs.has(id));
  assert.deepEqual(
    faulty.map(({ id }) => id),
    [],
  );
});

test('every tag of a test names a row of ASVS, once', () => {
  const ids = rows.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
  assert.deepEqual(
    [...proofs.keys()].filter((id) => !ids.includes(id)),
    [],
  );
  const titles = [...proofs.values()].flat().map(({ title }) => title);
  assert.deepEqual(
    titles.filter((title) => title.trim() === ''),
    [],
  );
});

test('docs/asvs.md is up to date: node scripts/asvs.mjs', async () => {
  const written = readFileSync(path.join(root, 'docs/asvs.md'), 'utf8');
  assert.equal(written, await writeTable(proofs));
});
