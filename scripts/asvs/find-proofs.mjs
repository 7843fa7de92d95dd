// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { root } from '../workspace.mjs';

/** @typedef {{ file: string, title: string }} Proof a test, by its name */

const folders = ['apps', 'packages', 'e2e', 'scripts'];
const isTest = (/** @type {string} */ name) => /\.(test|spec)\.(ts|mjs)$/.test(name);
const tag = /^ *\/\/ ASVS ([\d., ]+)$/gm;

/** @returns {string[]} */
function listTests() {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => isTest(name) && !name.includes('node_modules'))
      .map((name) => path.posix.join(folder, name)),
  );
}

/**
 * The name of the first test after a place in a file.
 *
 * @param {string} text
 */
function readTitle(text) {
  const [call = ''] = /\btest(\.\w+)*\(/.exec(text) ?? [];
  const rest = text.slice(text.indexOf(call));
  const start = call.includes('.each') ? /\)\(\s*(['"`])/ : /\(\s*(['"`])/;
  const found = start.exec(rest);
  const [, quote = ''] = found ?? [];
  const from = (found?.index ?? 0) + (found?.[0].length ?? 0);
  // Which browsers and pages a test is for is no part of its name.
  return rest.slice(from, rest.indexOf(quote, from)).replace(/( @\w+)+$/, '');
}

/**
 * Every requirement that a comment `// ASVS 6.2.1, 6.2.9` above a test names, with these tests.
 *
 * @returns {Map<string, Proof[]>}
 */
export function findProofs() {
  /** @type {Map<string, Proof[]>} */
  const proofs = new Map();
  for (const file of listTests().toSorted()) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const { 0: line, 1: ids = '', index } of text.matchAll(tag)) {
      const title = readTitle(text.slice(index + line.length));
      for (const id of ids.split(',').map((each) => each.trim())) {
        proofs.set(id, [...(proofs.get(id) ?? []), { file, title }]);
      }
    }
  }
  return proofs;
}
