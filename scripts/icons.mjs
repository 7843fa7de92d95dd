// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { drawInBrowser } from './browser.mjs';
import { root } from './workspace.mjs';

// usage: npm run icons
// Draws the site's icons, and the picture that other sites show with a link to it, from SVG.

const site = path.join(root, 'apps/web');
const favicon = 'public/favicon.svg';
const maskable = 'icons/maskable.svg';

/** @type {[name: string, source: string, width: number, height: number][]} */
export const pictures = [
  ['favicon.ico', favicon, 32, 32],
  ['icon-192.png', favicon, 192, 192],
  ['icon-512.png', favicon, 512, 512],
  ['icon-maskable.png', maskable, 512, 512],
  ['apple-touch-icon.png', maskable, 180, 180],
  ['social.png', 'icons/social.svg', 1200, 630],
];

/** @param {string} name */
const pathOf = (name) => path.join(site, 'public', name);

/**
 * An icon file that holds one PNG of 32 by 32.
 *
 * @see https://en.wikipedia.org/wiki/ICO_(file_format)
 * @param {Buffer} png
 */
function wrapIcon(png) {
  const header = Buffer.from([
    0, 0, 1, 0, 1, 0, 32, 32, 0, 0, 1, 0, 32, 0, 0, 0, 0, 0, 22, 0, 0, 0,
  ]);
  header.writeUInt32LE(png.length, 14);
  return Buffer.concat([header, png]);
}

/**
 * @param {import('@playwright/test').Page} tab
 * @param {string} source
 * @param {number} width
 * @param {number} height
 */
async function draw(tab, source, width, height) {
  await tab.setViewportSize({ width, height });
  const svg = readFileSync(path.join(site, source), 'utf8');
  await tab.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${svg}`);
  return tab.screenshot({ omitBackground: source === favicon });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await drawInBrowser(async (tab) => {
    for (const [name, source, width, height] of pictures) {
      const png = await draw(tab, source, width, height);
      const content = name.endsWith('.ico') ? wrapIcon(png) : png;
      writeFileSync(pathOf(name), content);
      console.log(`${path.relative(root, pathOf(name))}, ${Math.ceil(content.length / 1024)} KB`);
    }
  });
}
