import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/**
 * Makes people by the operator's command line, as many at once as wanted.
 *
 * @param place DATA_DIR, and DATABASE_URL where it is not SQLite there
 */
export async function importPeople(
  place: { DATA_DIR: string; DATABASE_URL?: string },
  people: object[],
): Promise<void> {
  const file = join(place.DATA_DIR, 'people.jsonl');
  await writeFile(file, people.map((person) => JSON.stringify(person)).join('\n'));
  const root = resolve(import.meta.dirname, '../..');
  const args = ['apps/api/src/admin/main.ts', 'user', 'import', file];
  const env = { ...process.env, DATABASE_URL: '', LATCHKEY_ENV_FILE: '', ...place };
  await promisify(execFile)(process.execPath, args, { cwd: root, env });
}
