import type { Database, SecurityLogEnd } from '@latchkey/db';
import type { CreationAttributes, Transaction } from 'sequelize';
import { hashRow, hashSource, makeSalt, START } from './chain.ts';

/** Something to be written down. */
export type NewSecurityEvent = {
  event: string;
  outcome?: string | undefined;
  /** Whom it is about. */
  userId?: string | undefined;
  address?: string | null;
  createdAt: Date;
  times?: number;
};

const OUTCOME_LENGTH = 90;

/**
 * Adds rows to the log, all in one transaction. The people's rows are locked before the end of the log,
 * as by everybody else who needs both.
 */
export async function appendEvents(
  database: Database,
  events: NewSecurityEvent[],
  transaction: Transaction,
): Promise<void> {
  const people = await lockPeople(database, events, transaction);
  const end = await lockEnd(database, transaction);
  await addRows(database, { end, events, people }, transaction);
}

/** The ids of those who have not been deleted, and are not until the rows are in. */
async function lockPeople(
  { User }: Database,
  events: NewSecurityEvent[],
  transaction: Transaction,
): Promise<Set<string>> {
  const ids = [...new Set(events.flatMap(({ userId }) => userId ?? []))];
  if (ids.length === 0) return new Set();
  const people = await User.findAll({
    attributes: ['id'],
    where: { id: ids },
    order: ['id'],
    transaction,
    lock: transaction.LOCK.KEY_SHARE,
  });
  return new Set(people.map(({ id }) => id));
}

/** The ends of the log, which nobody else adds to until the transaction ends. */
export async function lockEnd(
  { SecurityLogEnd }: Database,
  transaction: Transaction,
): Promise<SecurityLogEnd> {
  const lock = transaction.LOCK.UPDATE;
  const find = () => SecurityLogEnd.findOne({ transaction, lock });
  const found = await find();
  if (found) return found;
  const first = { lastId: START.id, lastHash: START.hash };
  const row = { id: 1, ...first, purgedId: START.id, purgedHash: START.hash };
  // Another process may have made it meanwhile.
  await SecurityLogEnd.bulkCreate([row], { ignoreDuplicates: true, transaction });
  return SecurityLogEnd.findOne({ transaction, lock, rejectOnEmpty: true });
}

type Addition = { end: SecurityLogEnd; events: NewSecurityEvent[]; people: Set<string> };

/** Adds rows after the end, which has to be locked, and moves it. */
export async function addRows(
  { SecurityEvent, SecurityEventSource }: Database,
  { end, events, people }: Addition,
  transaction: Transaction,
): Promise<void> {
  let { lastId: id, lastHash: hash } = end;
  const rows: CreationAttributes<InstanceType<typeof SecurityEvent>>[] = [];
  const sources: CreationAttributes<InstanceType<typeof SecurityEventSource>>[] = [];
  for (const { event, outcome, userId, address = null, createdAt, times = 1 } of events) {
    id += 1;
    const source = { eventId: id, userId: userId ?? null, address, salt: makeSalt() };
    const row = {
      id,
      createdAt,
      event,
      outcome: outcome?.slice(0, OUTCOME_LENGTH) ?? null,
      times,
      isPersonal: userId !== undefined,
      sourceHash: hashSource(source),
    };
    hash = hashRow(hash, row);
    rows.push({ ...row, hash });
    // Who was deleted meanwhile is in no row, and the log stays whole.
    if (userId === undefined || people.has(userId)) sources.push(source);
  }
  await SecurityEvent.bulkCreate(rows, { transaction });
  await SecurityEventSource.bulkCreate(sources, { transaction });
  await end.update({ lastId: id, lastHash: hash }, { transaction });
}
