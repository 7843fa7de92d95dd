import type { TestProject } from 'vitest/node';
import { createPostgresDatabase } from './postgres-database.ts';
import { startPostgresServer } from './postgres-server.ts';

/** Vitest's `globalSetup`: one PostgreSQL for the whole run, which ends with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer();
  try {
    const template = await createPostgresDatabase(server.url, 'migrated');
    project.provide('postgresTemplateUrl', template.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return () => server.stop();
}
