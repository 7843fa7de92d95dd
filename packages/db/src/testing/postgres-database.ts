import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import type { TestDatabaseUrl } from './test-database-url.ts';

/**
 * Makes a database of its own on the server of `serverUrl`: empty, migrated, or a copy of the
 * template database that `serverUrl` names.
 */
export async function createPostgresDatabase(
  serverUrl: string,
  content: 'empty' | 'migrated' | 'copied',
): Promise<TestDatabaseUrl> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = content === 'copied' ? new URL(serverUrl).pathname.slice(1) : 'template0';
  await runAsAdmin(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = withDatabase(serverUrl, name);
  if (content === 'migrated') {
    const database = await openDatabase(url);
    await migrate(database);
    await database.close();
  }
  return {
    url,
    [Symbol.asyncDispose]: () =>
      runAsAdmin(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function runAsAdmin(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(serverUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
