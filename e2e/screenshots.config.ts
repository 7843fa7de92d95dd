/** Takes the README's pictures into docs/images: `npm run screenshots`. */
import {
  defineConfig,
  type PlaywrightTestOptions,
  type PlaywrightWorkerOptions,
} from '@playwright/test';
import { ownSite } from './fixtures/own-site.ts';
import type { ServerOptions } from './fixtures/server-test.ts';
import base from './playwright.config.ts';

export default defineConfig<PlaywrightTestOptions, PlaywrightWorkerOptions & ServerOptions>({
  ...base,
  projects: [
    {
      name: 'screenshots',
      testMatch: /screenshots\.spec\.ts$/,
      use: { viewport: { width: 1200, height: 800 }, serverSettings: ownSite },
    },
  ],
});
