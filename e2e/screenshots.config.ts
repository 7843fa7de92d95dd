/** Takes the README's pictures into docs/images: `npm run screenshots`. */
import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

export default defineConfig({
  ...base,
  projects: [
    {
      name: 'screenshots',
      testMatch: /screenshots\.spec\.ts$/,
      use: { viewport: { width: 1200, height: 800 } },
    },
  ],
});
