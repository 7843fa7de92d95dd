import { existsSync } from 'node:fs';
import { describeTrouble, openDatabase, parseDatabaseUrl, type Database } from '@latchkey/db';
import { loadSettings, SettingsError, type Settings } from '../settings/settings.ts';
import {
  examineMigrations,
  examinePeople,
  examineSoundness,
  examineWriting,
} from './examine-database.ts';
import { examineFiles } from './examine-files.ts';
import { examinePassword } from './examine-password.ts';
import { examineAddress } from './examine-address.ts';
import { examineSite } from './examine-site.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

/** Looks at everything, and goes on after what it finds. It makes no database where there is none. */
export async function examine(): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = loadSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [, ...faults] = error.message.split('\n').map((line) => line.trim());
    const advice = faults.pop() ?? '';
    return faults.map((fault) => problem('settings', fault, advice));
  }
  // Before the database is opened, which mends the rights of its file.
  const files = await examineFiles(settings);
  return [
    ok('settings', 'all settings are valid'),
    ...settings.warnings.map((sentence) => describeWarning(sentence)),
    ...examineAddress(settings),
    ...(await examineSite(settings)),
    ...(await examineDatabase(settings)),
    ...files,
    ...(await examinePassword(settings)),
  ];
}

/** A warning says what is the matter, and then what to do. */
function describeWarning(sentence: string): Finding {
  const [, detail = sentence, advice = ''] = /^(.+?)[.:] (.+)$/.exec(sentence) ?? [];
  return warning('settings', detail, advice);
}

async function examineDatabase({ databaseUrl }: Settings): Promise<Finding[]> {
  const location = parseDatabaseUrl(databaseUrl);
  if (location.dialect === 'sqlite' && !existsSync(location.filePath)) {
    const advice =
      'Set DATA_DIR or DATABASE_URL to its place, or create one: npm run admin -- migrate up';
    return [problem('database', `there is no database at ${location.filePath}`, advice)];
  }
  let database: Database;
  try {
    database = await openDatabase(databaseUrl);
  } catch (error) {
    return [problem('database', ...explain(error))];
  }
  try {
    const { name, version } = database.engine;
    const answers = ok('database', `${location.label} answers (${name} ${version})`);
    return [answers, ...(await examineContent(database))];
  } catch (error) {
    return [problem('database', ...explain(error))];
  } finally {
    await database.close();
  }
}

/** What can be looked at of a database that answers. */
async function examineContent(database: Database): Promise<Finding[]> {
  const soundness = await examineSoundness(database);
  const migrations = await examineMigrations(database);
  if (migrations.some(({ state }) => state !== 'ok')) return [...migrations, ...soundness];
  return [
    ...migrations,
    ...soundness,
    ...(await examineWriting(database)),
    ...(await examinePeople(database)),
  ];
}

function explain(error: unknown): [detail: string, advice: string] {
  const detail = error instanceof Error ? error.message : String(error);
  const advice = 'Other checks of the database need an answer first.';
  const isExplained = error instanceof Error && error.message.includes('could not be opened');
  return [detail, isExplained ? advice : (describeTrouble(error) ?? advice)];
}
