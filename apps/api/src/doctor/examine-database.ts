import { describeTrouble, listMigrations, tryToWrite, type Database } from '@latchkey/db';
import { Op, QueryTypes, Transaction } from 'sequelize';
import { ok, problem, type Finding } from './finding.ts';
import { count } from '../text/count-noun.ts';

export async function examineMigrations(database: Database): Promise<Finding[]> {
  const { executed, pending, unknown } = await listMigrations(database);
  if (unknown.length > 0) {
    const detail = `the database is newer than this program, which does not know ${unknown.join(', ')}`;
    return [
      problem('migrations', detail, 'Update the program, or restore the backup from before.'),
    ];
  }
  if (pending.length === 0) return [ok('migrations', `all ${executed.length} have run`)];
  const advice = 'Run npm run admin -- migrate up, or start the server, which also runs them.';
  return [problem('migrations', `${pending.join(', ')} has not run yet`, advice)];
}

/** Whether it takes a write, as a full disk or one that is read-only does not. */
export async function examineWriting(database: Database): Promise<Finding[]> {
  try {
    await tryToWrite(database);
    return [ok('writing', 'it takes what is written')];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const advice = describeTrouble(error) ?? 'Nobody can register, log in or change anything.';
    return [problem('writing', detail, advice)];
  }
}

/** SQLite reads its own file through, which PostgreSQL has no statement for. */
export async function examineSoundness({ sequelize }: Database): Promise<Finding[]> {
  const run = (sql: string) => sequelize.query<object>(sql, { type: QueryTypes.SELECT });
  const advice = 'Stop the server, keep a copy of the file, and restore the last backup.';
  try {
    const [check] = (await run('PRAGMA quick_check')) as { quick_check?: string }[];
    const orphans = await run('SELECT 1 FROM pragma_foreign_key_check LIMIT 1');
    if (check?.quick_check === 'ok' && orphans.length === 0) {
      return [ok('soundness', 'the file is intact and all references are valid')];
    }
    const detail =
      check?.quick_check === 'ok' ? 'some references are invalid' : 'the file is damaged';
    return [problem('soundness', detail, advice)];
  } catch (error) {
    return [problem('soundness', error instanceof Error ? error.message : String(error), advice)];
  }
}

/** How many accounts there are, and no more: the rest would read every row. */
export async function countPeople({ User, sequelize }: Database): Promise<Finding[]> {
  // On a connection of its own: the shared one answers everybody.
  const all = await sequelize.transaction(
    { type: Transaction.TYPES.DEFERRED, readOnly: true },
    (transaction) => User.count({ transaction }),
  );
  return [ok('people', count(all, 'account'))];
}

export async function examinePeople({ User }: Database): Promise<Finding[]> {
  const all = await User.count();
  const imported = await User.count({ where: { passwordHash: { [Op.notLike]: '$scrypt$%' } } });
  const hashes = imported
    ? `${imported} with an imported hash, replaced when its owner next logs in (bcrypt of 72 bytes and more: at the next new password)`
    : 'all with a scrypt hash';
  return [ok('people', `${count(all, 'account')}, ${hashes}`)];
}
