import { writeFile } from 'node:fs/promises';
import { openDatabase } from '../database.ts';
import { createPostgresDatabase } from './postgres-database.ts';
import { startPostgresServer } from './postgres-server.ts';
import { recordStatements, type Release } from './release-statements.ts';
import { createSqliteDatabase } from './sqlite-database.ts';

// usage: node packages/db/src/testing/record-release.ts VERSION
// Records what this version asks of its database, for the tests of the next one.

async function recordAt(place: AsyncDisposable & { url: string }) {
  await using _place = place;
  const database = await openDatabase(place.url);
  const statements = await recordStatements(database);
  await database.close();
  return statements;
}

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Name the version, such as 0.2.0.');
const server = await startPostgresServer();
try {
  const release: Release = {
    sqlite: await recordAt(await createSqliteDatabase('migrated')),
    postgres: await recordAt(await createPostgresDatabase(server.url, 'migrated')),
  };
  const file = new URL(`../releases/${version}.json`, import.meta.url);
  await writeFile(file, `${JSON.stringify(release, null, 2)}\n`);
  console.log(`Recorded in ${file.pathname}.`);
} finally {
  await server.stop();
}
