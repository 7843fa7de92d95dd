import { runSlice, type Database, type SliceOptions } from '@latchkey/db';
import { Op } from 'sequelize';
import { addRows, lockEnd } from './append-events.ts';

const DAY_MS = 86_400_000;
const SLICE_ROWS = 500;
const ownOutcome = /^security log to row (\d+)$/;

/** Up to which row an event says that the log was purged; null for other events. */
export function readPurge({ event, outcome }: { event: string; outcome: string | null }) {
  const [, id] = event === 'sensitive_delete' ? (ownOutcome.exec(outcome ?? '') ?? []) : [];
  return id === undefined ? null : Number(id);
}

/**
 * Deletes the rows of days that are kept no longer, and returns how many there were. The log tells of it
 * itself, so that nobody else can cut its beginning unseen.
 */
export async function purgeSecurityLog(
  database: Database,
  { days, signal, sliceRows = SLICE_ROWS }: SliceOptions & { days: number },
): Promise<number> {
  // Whole days, so that the rows that tell of it are few.
  const before = new Date(Math.floor(Date.now() / DAY_MS - days) * DAY_MS);
  let deleted = 0;
  while (!signal?.aborted) {
    const count = await runSlice(() => purgeSlice(database, before, sliceRows));
    deleted += count;
    if (count === 0) break;
  }
  return deleted;
}

function purgeSlice(database: Database, before: Date, limit: number): Promise<number> {
  const { sequelize, SecurityEvent, SecurityLogEnd } = database;
  return sequelize.transaction(async (transaction) => {
    // Most times there is nothing to purge, and nobody has to wait.
    const { purgedId = 0 } = (await SecurityLogEnd.findOne({ transaction })) ?? {};
    const findOldest = (after: number) =>
      SecurityEvent.findAll({
        where: { id: { [Op.gt]: after } },
        order: ['id'],
        limit,
        transaction,
      });
    if (!(await findOldest(purgedId)).some(({ createdAt }) => createdAt < before)) return 0;
    const end = await lockEnd(database, transaction);
    const oldest = await findOldest(end.purgedId);
    const last = oldest.findLast(({ createdAt }) => createdAt < before);
    if (!last) return 0;
    const { id, hash } = last;
    const purge = { event: 'sensitive_delete', outcome: `security log to row ${id}` };
    const events = [{ ...purge, createdAt: new Date() }];
    await addRows(database, { end, events, people: new Set() }, transaction);
    await SecurityEvent.destroy({ where: { id: { [Op.lte]: id } }, transaction });
    const purged = id - end.purgedId;
    await end.update({ purgedId: id, purgedHash: hash }, { transaction });
    return purged;
  });
}
