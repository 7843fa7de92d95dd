import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The site that the tests run on is their own: see scripts/fixture.mjs.
  ssr: { resolve: { conditions: ['fixture', 'module', 'node', 'development|production'] } },
  test: {
    globalSetup: ['../../scripts/fixture.mjs', '@latchkey/db/testing/global-setup'],
    include: ['src/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
