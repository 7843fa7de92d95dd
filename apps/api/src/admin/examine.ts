import { existsSync } from 'node:fs';
import { describeTrouble, openDatabase, parseDatabaseUrl, type Database } from '@latchkey/db';
import { createPasswordHasher } from '../passwords/password-hasher.ts';
import { hideSecrets } from '../doctor/hide-secrets.ts';
import { loadSettings, SettingsError, type Settings } from '../settings/settings.ts';
import {
  examineMigrations,
  examinePeople,
  examineSoundness,
  examineWriting,
} from '../doctor/examine-database.ts';
import { examineFiles } from '../doctor/examine-files.ts';
import { examinePassword } from '../doctor/examine-password.ts';
import { examineAddress } from '../doctor/examine-address.ts';
import { examineApprovals } from '../doctor/examine-approvals.ts';
import { examineFactors } from '../doctor/examine-factors.ts';
import { examineSecurityLog } from '../doctor/examine-security-log.ts';
import { examineMail } from '../doctor/examine-mail.ts';
import { examineLiveSite } from '../doctor/examine-live-site.ts';
import { examineSite } from '../doctor/examine-site.ts';
import { examineSettings } from '../doctor/examine-settings.ts';
import { ok, problem, type Finding } from '../doctor/finding.ts';

/**
 * Looks at everything, and goes on after what it finds. Each finding comes as soon as it is known, what
 * takes as long as the database is large last. It makes no database where there is none.
 *
 * @param announce is told before something that takes long, in one sentence
 */
export async function* examine(announce: (what: string) => void): AsyncGenerator<Finding> {
  let settings: Settings;
  try {
    settings = loadSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [, ...faults] = error.message.split('\n').map((line) => line.trim());
    const advice = faults.pop() ?? '';
    yield* faults.map((fault) => problem('settings', fault, advice));
    return;
  }
  const hide = hideSecrets(settings);
  for await (const finding of examineAll(settings, announce)) yield hide(finding);
}

async function* examineAll(
  settings: Settings,
  announce: (what: string) => void,
): AsyncGenerator<Finding> {
  yield* examineSettings(settings);
  yield* examineAddress(settings);
  yield* await examineSite(settings);
  // Before the database is opened, which mends the rights of its file.
  yield* await examineFiles(settings);
  yield* await examineHash(settings);
  yield* examineMail(settings);
  yield* await examineLiveSite(settings);
  yield* examineDatabase(settings, announce);
}

async function examineHash(settings: Settings): Promise<Finding[]> {
  const hasher = createPasswordHasher(settings.password);
  try {
    return await examinePassword(settings, hasher);
  } finally {
    await hasher.close();
  }
}

async function* examineDatabase(
  settings: Settings,
  announce: (what: string) => void,
): AsyncGenerator<Finding> {
  const location = parseDatabaseUrl(settings.databaseUrl);
  if (location.dialect === 'sqlite' && !existsSync(location.filePath)) {
    const advice =
      'Set DATA_DIR or DATABASE_URL to its place, or create one: npm run admin -- migrate up';
    yield problem('database', `there is no database at ${location.filePath}`, advice);
    return;
  }
  let database: Database;
  try {
    database = await openDatabase(settings.databaseUrl);
  } catch (error) {
    yield problem('database', ...explain(error));
    return;
  }
  try {
    const { name, version } = database.engine;
    yield ok('database', `${location.label} answers (${name} ${version})`);
    yield* examineContent(database, settings, announce);
  } catch (error) {
    yield problem('database', ...explain(error));
  } finally {
    await database.close();
  }
}

/** What can be looked at of a database that answers. */
async function* examineContent(
  database: Database,
  settings: Settings,
  announce: (what: string) => void,
): AsyncGenerator<Finding> {
  const migrations = await examineMigrations(database);
  yield* migrations;
  if (migrations.every(({ state }) => state === 'ok')) {
    yield* await examineWriting(database);
    yield* await examinePeople(database);
    yield* await examineApprovals(settings, database);
    yield* await examineFactors(settings, database);
    yield* await examineSecurityLog(database, settings);
  }
  if (database.dialect === 'postgres') return;
  announce('Reading the whole database to see whether it is intact. A large one takes minutes.');
  yield* await examineSoundness(database);
}

function explain(error: unknown): [detail: string, advice: string] {
  const detail = error instanceof Error ? error.message : String(error);
  const advice = 'Other checks of the database need an answer first.';
  const isExplained = error instanceof Error && error.message.includes('could not be opened');
  return [detail, isExplained ? advice : (describeTrouble(error) ?? advice)];
}
