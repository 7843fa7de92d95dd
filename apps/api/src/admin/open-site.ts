import { existsSync } from 'node:fs';
import {
  describeNewerDatabase,
  listMigrations,
  openDatabase,
  parseDatabaseUrl,
  type Database,
} from '@latchkey/db';
import { loadSettings, type Settings } from '../settings/settings.ts';
import { OperatorError } from './operator-error.ts';

export type OpenSite = AsyncDisposable & { settings: Settings; database: Database };

/** The settings and the open database, made when it is missing. Take it with `await using`. */
export async function openAnySite(): Promise<OpenSite> {
  const settings = loadSettings();
  // Beside the data that a command prints.
  for (const sentence of settings.warnings) console.error(`Warning: ${sentence}`);
  const database = await openDatabase(settings.databaseUrl);
  return { settings, database, [Symbol.asyncDispose]: () => database.close() };
}

/** The same of a database that is there, whatever version it is of. */
export async function openExistingSite(): Promise<OpenSite> {
  const location = parseDatabaseUrl(loadSettings().databaseUrl);
  if (location.dialect === 'sqlite' && !existsSync(location.filePath)) {
    throw new OperatorError(
      `There is no database at ${location.filePath}. Set DATA_DIR or DATABASE_URL to its place, or create one: npm run admin -- migrate up`,
    );
  }
  return openAnySite();
}

/** The same of a database that is there and has the tables of this version. */
export async function openSite(): Promise<OpenSite> {
  const site = await openExistingSite();
  const { pending, unknown } = await listMigrations(site.database);
  if (pending.length === 0 && unknown.length === 0) return site;
  await site[Symbol.asyncDispose]();
  if (unknown.length > 0) throw new OperatorError(describeNewerDatabase(unknown));
  throw new OperatorError(
    `The database is older than this program: ${pending.join(', ')} did not run yet. Bring it up to date: npm run admin -- migrate up`,
  );
}
