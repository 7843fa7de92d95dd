// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { drawInBrowser } from './browser.mjs';
import { root } from './workspace.mjs';

// usage: npm run cheat-sheet
// Prints apps/api/cheat-sheet to the download that members find at /download/cheat-sheet.pdf.

const sourceFolder = path.join(root, 'apps/api/cheat-sheet');
export const cheatSheetSource = path.join(sourceFolder, 'cheat-sheet.html');

export const cheatSheet = path.join(root, 'apps/api/downloads/cheat-sheet.pdf');

/** What the PDF is made from, in 16 characters: it carries them, so that a test sees when it is old. */
export function fingerprintSource() {
  const hash = createHash('sha256');
  for (const name of ['cheat-sheet.html', 'cheat-sheet.css']) {
    hash.update(readFileSync(path.join(sourceFolder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

const print = () =>
  drawInBrowser(async (tab) => {
    await tab.goto(pathToFileURL(cheatSheetSource).href);
    return tab.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true });
  });

/**
 * Puts the source's fingerprint in the place of what differs from run to run, so that the same source
 * gives the same file. No length may change: a PDF counts in bytes.
 *
 * @param {Buffer} pdf
 */
function makeReproducible(pdf) {
  /** @type {Record<string, string>} */
  const entries = {
    Creator: '/Creator (Latchkey)',
    CreationDate: `/Source (${fingerprintSource()})`,
    ModDate: '',
  };
  const text = pdf.toString('latin1');
  const replaced = text.replace(
    /\/(Creator|CreationDate|ModDate) \((?:\\.|[^\\)])*\)/g,
    (entry, /** @type {string} */ name) => (entries[name] ?? '').padEnd(entry.length),
  );
  if (replaced.length !== text.length || !replaced.includes(fingerprintSource())) {
    throw new Error(
      'Chromium writes dates in a format that scripts/cheat-sheet.mjs does not know.',
    );
  }
  return Buffer.from(replaced, 'latin1');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pdf = makeReproducible(await print());
  writeFileSync(cheatSheet, pdf);
  console.log(`${path.relative(root, cheatSheet)}, ${Math.ceil(pdf.length / 1024)} KB`);
}
