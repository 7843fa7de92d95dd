import type { Database, Session, User } from '@latchkey/db';
import DataLoader from 'dataloader';
import { QueryTypes, type Model, type ModelStatic } from 'sequelize';
import { hashToken } from '../secret-token.ts';

export type LiveSession = { session: Session; user: User };

const MOST_AT_ONCE = 100;

type Row = Record<string, unknown>;
type Column = { attribute: string; field: string; read: (value: unknown) => unknown };

/** How a column of this type comes from SQLite, which has no dates, booleans or JSON; PostgreSQL has. */
const readers: Record<string, Column['read']> = {
  DATE: (value) => (typeof value === 'string' ? new Date(value) : value),
  BOOLEAN: (value) => (typeof value === 'number' ? value !== 0 : value),
  JSON: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value),
};

const asIs: Column['read'] = (value) => value;

function listColumns(model: ModelStatic<Model>): Column[] {
  return Object.entries(model.getAttributes()).map(([attribute, { field, type }]) => ({
    attribute,
    field: field ?? attribute,
    read: (typeof type === 'object' && readers[type.key.replace('JSONB', 'JSON')]) || asIs,
  }));
}

const select = (table: string, columns: Column[]) =>
  columns.map(({ field }) => `${table}."${field}" AS "${table}_${field}"`).join(', ');

/** The values of one table's part of a row, by their attributes. */
const readRow = (row: Row, table: string, columns: Column[]): Row =>
  Object.fromEntries(
    columns.map(({ attribute, field, read }) => [attribute, read(row[`${table}_${field}`])]),
  );

/** A moment as SQLite holds it, which PostgreSQL reads as well. */
const writeMoment = (moment: Date) =>
  moment.toISOString().replace('T', ' ').replace('Z', ' +00:00');

// Every request of somebody who is signed in asks this. Sequelize's own way takes several times as long:
// it writes the statement anew, asks SQLite for the types of the columns and takes joined rows apart.
function createLookUp({ sequelize, dialect, Session, User }: Database) {
  const sessionColumns = listColumns(Session);
  const userColumns = listColumns(User);
  const isAmong = dialect === 'postgres' ? '= ANY($1)' : 'IN (SELECT value FROM json_each($1))';
  const query = `
    SELECT ${select('session', sessionColumns)}, ${select('person', userColumns)}
    FROM sessions AS session JOIN users AS person ON person.id = session.user_id
    WHERE session.token_hash ${isAmong}
      AND session.idle_expires_at > $2 AND session.expires_at > $2
      AND person.disabled_at IS NULL`;
  const built = { isNewRecord: false, raw: true } as const;
  const readLive = (row: Row): LiveSession => ({
    session: Session.build(readRow(row, 'session', sessionColumns) as never, built),
    user: User.build(readRow(row, 'person', userColumns) as never, built),
  });

  return async (tokenHashes: readonly string[]): Promise<(LiveSession | null)[]> => {
    const hashes = dialect === 'postgres' ? tokenHashes : JSON.stringify(tokenHashes);
    const rows = await sequelize.query<Row>(query, {
      type: QueryTypes.SELECT,
      bind: [hashes, writeMoment(new Date())],
    });
    const byHash = new Map(rows.map((row) => [row['session_token_hash'], row]));
    return tokenHashes.map((hash) => {
      const row = byHash.get(hash);
      return row ? readLive(row) : null;
    });
  };
}

type LookUp = DataLoader<string, LiveSession | null>;
const lookUps = new WeakMap<Database, LookUp>();

/** Requests that arrive together are looked up with one statement. Nothing is kept for the next ones. */
function getLookUp(database: Database): LookUp {
  let lookUp = lookUps.get(database);
  if (!lookUp) {
    lookUp = new DataLoader(createLookUp(database), {
      cache: false,
      batchScheduleFn: (look) => void setImmediate(look),
      maxBatchSize: MOST_AT_ONCE,
    });
    lookUps.set(database, lookUp);
  }
  return lookUp;
}

/** The live session of a token and its person, or null when it is unknown, over, or the account is disabled. */
export function findLiveSession(database: Database, token: string): Promise<LiveSession | null> {
  return getLookUp(database).load(hashToken(token));
}
