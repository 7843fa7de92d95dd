import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: '@latchkey/db/testing/global-setup',
    include: ['src/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
