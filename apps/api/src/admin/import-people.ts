import { runSlice, type Database } from '@latchkey/db';
import { col, fn, Op, where, type Transaction } from 'sequelize';
import type { ActContext } from '../acts/act-context.ts';
import { batches } from '../acts/batches.ts';
import { recordAct } from '../acts/record-act.ts';
import type { FilePerson, FileRecord } from './people-file.ts';

export type BadLine = { line: number; reasons: string[] };
type Good = Extract<FileRecord, { person: FilePerson }>;

/** What must be nobody else's, as the database compares it. */
const keysOf = ({ id, email, username }: Pick<FilePerson, 'id' | 'email' | 'username'>) => ({
  email: email.toLowerCase(),
  username: username?.toLowerCase(),
  id,
});

async function readTaken({ User }: Database, people: Good[]): Promise<Map<string, string>> {
  const taken = new Map<string, string>();
  for (const batch of batches(people)) {
    const keys = batch.map(({ person }) => keysOf(person));
    const values = (key: 'email' | 'username' | 'id') => keys.flatMap((all) => all[key] ?? []);
    const found = await User.findAll({
      where: {
        [Op.or]: [
          where(fn('lower', col('email')), { [Op.in]: values('email') }),
          where(fn('lower', col('username')), { [Op.in]: values('username') }),
          { id: values('id') },
        ],
      },
    });
    for (const user of found) {
      for (const [key, value] of Object.entries(keysOf(user))) {
        if (value !== undefined)
          taken.set(`${key} ${value}`, 'there is already an account with this');
      }
    }
  }
  return taken;
}

/** Parts the records of a file into people to add and lines that cannot be taken, each with why. */
export async function sortRecords(
  database: Database,
  records: FileRecord[],
): Promise<{ people: FilePerson[]; bad: BadLine[] }> {
  const bad = records.filter((record) => 'reasons' in record);
  const good = records.filter((record) => 'person' in record);
  const taken = await readTaken(database, good);
  const people: FilePerson[] = [];
  for (const { line, person } of good) {
    const keys = Object.entries(keysOf(person)).filter(([, value]) => value !== undefined);
    const reasons = keys.flatMap(([key, value]) => {
      const reason = taken.get(`${key} ${value}`);
      return reason === undefined ? [] : [`${key}: ${reason} ${key}`];
    });
    if (reasons.length > 0) {
      bad.push({ line, reasons });
      continue;
    }
    for (const [key, value] of keys) taken.set(`${key} ${value}`, `line ${line} already has this`);
    people.push(person);
  }
  return { people, bad: bad.sort((one, other) => one.line - other.line) };
}

/** Adds all of them, or none. Only a process that is killed leaves a part of them, and only in SQLite. */
export async function addPeople(context: ActContext, people: FilePerson[]): Promise<void> {
  const { database } = context;
  const { sequelize, dialect } = database;
  if (dialect === 'postgres') {
    return sequelize.transaction(async (transaction) => {
      for (const batch of batches(people)) await addBatch(context, batch, transaction);
    });
  }
  // One transaction would keep everybody else from writing for as long as it lasts.
  const added: string[][] = [];
  try {
    for (const batch of batches(people)) {
      const add = (transaction: Transaction) => addBatch(context, batch, transaction);
      added.push(await runSlice(() => sequelize.transaction(add)));
    }
  } catch (fault) {
    for (const ids of added) await runSlice(() => database.User.destroy({ where: { id: ids } }));
    throw fault;
  }
}

async function addBatch(
  context: ActContext,
  batch: FilePerson[],
  transaction: Transaction,
): Promise<string[]> {
  const added = await context.database.User.bulkCreate(batch, { transaction });
  const ids = added.map(({ id }) => id);
  await recordAct(context, ids, { event: 'imported-by-operator' }, transaction);
  return ids;
}
