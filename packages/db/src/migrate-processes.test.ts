import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { isDatabaseReady } from './readiness.ts';
import { listMigrations, migrate } from './migrate.ts';
import { migrations } from './migrations/list.ts';
import { openDatabase } from './database.ts';
import { describeSchema } from './testing/describe-schema.ts';
import { createTestDatabaseUrl, dialects } from './testing/index.ts';

const entry = JSON.stringify(new URL('./index.ts', import.meta.url).href);
const list = JSON.stringify(new URL('./migrations/list.ts', import.meta.url).href);
/** The slow one makes sure that the processes meet. */
const migrateAll = `
  const { openDatabase, migrate } = await import(${entry});
  const { migrations } = await import(${list});
  const slow = { name: 'slow', down: async () => {}, up: async ({ run }) => {
    await run('CREATE TABLE slow (x INTEGER)');
    await new Promise((resolve) => setTimeout(resolve, 700));
  } };
  const database = await openDatabase(process.argv[1]);
  const done = await migrate(database, [slow, ...migrations]);
  await database.close();
  console.log(JSON.stringify(done));`;
const stallInTheMiddle = `
  const { openDatabase, migrate } = await import(${entry});
  const database = await openDatabase(process.argv[1]);
  const stalling = { name: 'stalling', down: async () => {}, up: async ({ run }) => {
    await run('CREATE TABLE half_done (x INTEGER)');
    console.log('half done');
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  } };
  await migrate(database, [stalling]);`;

function startProcess(script: string, url: string) {
  return spawn(process.execPath, ['--input-type=module', '--eval', script, url], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function runToEnd(script: string, url: string) {
  const child = startProcess(script, url);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, errors };
}

describe.each(dialects)('processes migrating %s', (dialect) => {
  test('four at once all succeed, and only one does the work', async () => {
    await using place = await createTestDatabaseUrl(dialect, 'empty');
    const four = [1, 2, 3, 4].map(() => runToEnd(migrateAll, place.url));
    const results = await Promise.all(four);
    expect(results.map(({ errors }) => errors)).toEqual(['', '', '', '']);
    const counts = results.map(({ output }) => (JSON.parse(output) as string[]).length);
    expect(counts.sort()).toEqual([0, 0, 0, migrations.length + 1]);
    const database = await openDatabase(place.url);
    expect(await isDatabaseReady(database)).toBe(true);
    await database.close();
  });

  test('one killed in the middle leaves nothing behind, and the next one succeeds', async () => {
    await using place = await createTestDatabaseUrl(dialect, 'empty');
    const child = startProcess(stallInTheMiddle, place.url);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString()).toBe('half done\n');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const database = await openDatabase(place.url);
    expect(await migrate(database)).toHaveLength(migrations.length);
    expect((await listMigrations(database)).executed).not.toContain('stalling');
    const { columns } = await describeSchema(database);
    expect(columns.map((column) => Reflect.get(column, 'table') as string)).not.toContain(
      'half_done',
    );
    await database.close();
  });
});
