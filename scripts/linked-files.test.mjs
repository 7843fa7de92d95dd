// @ts-check
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { describeLinkedFiles } from './linked-files.mjs';

test('a change behind a link to a folder is a change of the site', (context) => {
  const place = mkdtempSync(path.join(tmpdir(), 'latchkey-links-'));
  context.after(() => rmSync(place, { recursive: true }));
  const folder = path.join(place, 'site');
  const files = path.join(folder, 'apps/web/public');
  const elsewhere = path.join(place, 'elsewhere/deep');
  for (const one of [files, elsewhere]) mkdirSync(one, { recursive: true });
  writeFileSync(path.join(files, 'plan.txt'), 'plan');
  assert.equal(describeLinkedFiles(folder), '');

  // A link to nowhere, or to itself, is for the build to name.
  symlinkSync('nowhere', path.join(files, 'lost'));
  symlinkSync('self', path.join(files, 'self'));
  symlinkSync(path.join(files, 'plan.txt'), path.join(files, 'same.txt'));
  assert.equal(describeLinkedFiles(folder), '');

  symlinkSync(path.dirname(elsewhere), path.join(files, 'docs'));
  const digests = [describeLinkedFiles(folder)];
  assert.equal(describeLinkedFiles(folder), digests[0]);
  writeFileSync(path.join(elsewhere, 'new.txt'), 'new');
  digests.push(describeLinkedFiles(folder));
  writeFileSync(path.join(elsewhere, 'new.txt'), 'newer');
  digests.push(describeLinkedFiles(folder));
  symlinkSync('.', path.join(files, 'loop'));
  digests.push(describeLinkedFiles(folder));
  assert.equal(new Set(['', ...digests]).size, 5);

  for (const name of ['docs', 'loop']) rmSync(path.join(files, name));
  assert.equal(describeLinkedFiles(folder), '');
});
