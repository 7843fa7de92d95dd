import { DatabaseSync } from 'node:sqlite';

/**
 * Asks SQLite whether the file is sound, and returns a sentence for each fault.
 *
 * @param when for the sentence, such as `after the restart`
 */
export function checkSqliteFile(path: string, when: string): string[] {
  using database = new DatabaseSync(path);
  const integrity = database.prepare('PRAGMA integrity_check').all();
  const strays = database.prepare('PRAGMA foreign_key_check').all();
  return [
    ...integrity
      .filter((row) => row['integrity_check'] !== 'ok')
      .map((row) => `integrity_check ${when}: ${String(row['integrity_check'])}`),
    ...strays.map((row) => `foreign_key_check ${when}: ${JSON.stringify(row)}`),
  ];
}
