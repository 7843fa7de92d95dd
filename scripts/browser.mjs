// @ts-check
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

import { root } from './workspace.mjs';

/**
 * Draws with the Chromium of CHROMIUM_PATH, or Playwright's own.
 *
 * @template Drawn
 * @param {(tab: import('@playwright/test').Page) => Promise<Drawn>} draw
 */
export async function drawInBrowser(draw) {
  const require = createRequire(path.join(root, 'e2e/package.json'));
  /** @type {import('@playwright/test')} */
  const { chromium } = require('@playwright/test');
  const executablePath = process.env['CHROMIUM_PATH'];
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [
      '--disable-gpu',
      '--font-render-hinting=none',
      '--disable-lcd-text',
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
  });
  try {
    return await draw(await browser.newPage());
  } finally {
    await browser.close();
  }
}
