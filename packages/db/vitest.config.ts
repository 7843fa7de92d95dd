import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };

const sqlite3: TestProjectConfiguration = {
  test: { name: 'sqlite3', ...timeouts, provide: { sqliteDriver: 'sqlite3' } },
};

/** All of it once more on the other driver, in the processes that tests start too. */
const nodeSqlite: TestProjectConfiguration = {
  ssr: { resolve: { conditions: ['node-sqlite', 'module', 'node', 'development|production'] } },
  test: {
    name: 'node:sqlite',
    ...timeouts,
    provide: { sqliteDriver: 'node:sqlite' },
    env: { NODE_OPTIONS: '--conditions=node-sqlite' },
    exclude: [
      '**/node_modules/**',
      // These need no driver, or compare both.
      'src/database-url.test.ts',
      'src/testing/embedded-postgres.test.ts',
      'src/node-sqlite/*.test.ts',
    ],
  },
};

export default defineConfig({
  test: {
    globalSetup: './src/testing/global-setup.ts',
    maxWorkers: 2,
    projects: [sqlite3, nodeSqlite],
  },
});
