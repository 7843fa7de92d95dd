import type { Database, SecurityEvent } from '@latchkey/db';
import type { ListLog, LogPage, LogPerson, LogRow } from '@latchkey/shared';
import { Op, QueryTypes } from 'sequelize';
import { ACT_EVENT } from '../acts/log-act.ts';
import { showEmail } from '../users/show-email.ts';
import { findEndOfDay } from './find-end-of-day.ts';
import { eventsOfKind, writeCondition } from './log-kinds.ts';

const PAGE_LENGTH = 50;
/** The log is kept for so many events at most that numbers are exact. */
const BEYOND = Number.MAX_SAFE_INTEGER;

type Wanted = Pick<ListLog, 'kind' | 'day' | 'cursor'> & { userId: string | undefined };

/** A page of the security log, the newest row first. */
export async function findLogRows(
  database: Database,
  { userId, kind, day, cursor = BEYOND }: Wanted,
): Promise<LogPage> {
  const dayEnd = day === undefined ? BEYOND : await findEndOfDay(database, day);
  const before = Math.min(cursor, dayEnd);
  const ids = await findIds(database, { userId, kind, before });
  const found = await database.SecurityEvent.findAll({
    where: { id: { [Op.in]: ids.slice(0, PAGE_LENGTH) } },
    include: { association: 'source', include: [{ association: 'user' }] },
    order: [['id', 'DESC']],
  });
  const others = await findOtherSides(database, found);
  const rows = found.map((row) => ({ ...describeRow(row), other: others.get(row.id) ?? null }));
  return { rows, isMore: ids.length > PAGE_LENGTH };
}

/**
 * By the number of a row: the other side of an operator's act. The row of who did it stands before the row
 * of whom it was done to, since both are written at once.
 */
async function findOtherSides(
  { SecurityEvent }: Database,
  rows: SecurityEvent[],
): Promise<Map<number, LogPerson>> {
  const nextTo = (row: SecurityEvent) => row.id + (row.event === ACT_EVENT ? 1 : -1);
  const neighbours = await SecurityEvent.findAll({
    where: { id: rows.map(nextTo) },
    include: { association: 'source', include: [{ association: 'user' }] },
  });
  const byId = new Map(neighbours.map((row) => [row.id, row]));
  return new Map(
    rows.flatMap((row) => {
      const other = byId.get(nextTo(row));
      const person = other && isOneAct(row, other) ? describeWho(other) : null;
      return person ? [[row.id, person] as const] : [];
    }),
  );
}

const isOneAct = (one: SecurityEvent, other: SecurityEvent): boolean =>
  (one.event === ACT_EVENT) !== (other.event === ACT_EVENT) &&
  one.outcome === other.outcome &&
  one.createdAt.getTime() === other.createdAt.getTime();

function describeWho({ source }: SecurityEvent): LogPerson | null {
  const user = source?.user;
  return user ? { id: user.id, email: showEmail(user.email) } : null;
}

type Place = Pick<Wanted, 'userId' | 'kind'> & { before: number };

/** The numbers of the newest rows before one. Each way walks an index from there and stops after a page. */
async function findIds(
  { sequelize }: Database,
  { userId, kind, before }: Place,
): Promise<number[]> {
  const limit = `ORDER BY id DESC LIMIT ${PAGE_LENGTH + 1}`;
  const conditions = kind && eventsOfKind[kind].map(writeCondition);
  const bind = [before, ...(userId === undefined ? [] : [userId])];
  const query =
    userId === undefined
      ? writeEveryKind(conditions ?? ['TRUE'], limit)
      : // As a CROSS JOIN it is read from the left on SQLite: by person, whatever the kind.
        `SELECT s.event_id AS id FROM security_event_sources s CROSS JOIN security_events e
         WHERE s.user_id = $2 AND s.event_id < $1 AND e.id = s.event_id
         AND (${conditions?.join(' OR ') ?? 'TRUE'}) ${limit}`;
  const rows = await sequelize.query<{ id: number | string }>(query, {
    type: QueryTypes.SELECT,
    bind,
  });
  // PostgreSQL writes numbers of 64 bits as text.
  return rows.map(({ id }) => Number(id));
}

/** A page of each name of events, of which the newest are a page of them all. */
function writeEveryKind(conditions: string[], limit: string): string {
  const parts = conditions.map(
    (condition, index) =>
      `SELECT id FROM (SELECT e.id FROM security_events e WHERE e.id < $1 AND ${condition} ${limit}) part${index}`,
  );
  return `SELECT id FROM (${parts.join(' UNION ALL ')}) every ${limit}`;
}

function describeRow(row: SecurityEvent): Omit<LogRow, 'other'> {
  const { id, createdAt, event, outcome, times, isPersonal, source } = row;
  const { address = null } = source ?? {};
  return {
    ...{ id, at: createdAt.toISOString(), event, outcome, times, address },
    person: describeWho(row),
    isErased: isPersonal && !source,
  };
}
