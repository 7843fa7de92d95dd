import type { Database, Session, User } from '@latchkey/db';
import { QueryTypes, type Model, type ModelStatic } from 'sequelize';
import { hashToken } from '../secret-token.ts';

export type LiveSession = { session: Session; user: User };

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

// Every request of somebody who is signed in asks this. Sequelize's own way takes several times as long:
// it writes the statement anew, asks SQLite for the types of the columns and takes joined rows apart.
function createLookUp({ Session, User }: Database) {
  const sessionColumns = listColumns(Session);
  const userColumns = listColumns(User);
  const query = `
    SELECT ${select('session', sessionColumns)}, ${select('person', userColumns)}
    FROM sessions AS session JOIN users AS person ON person.id = session.user_id
    WHERE session.token_hash = :tokenHash
      AND session.idle_expires_at > :now AND session.expires_at > :now
      AND person.disabled_at IS NULL`;
  const built = { isNewRecord: false, raw: true } as const;
  const readLive = (row: Row): LiveSession => ({
    session: Session.build(readRow(row, 'session', sessionColumns) as never, built),
    user: User.build(readRow(row, 'person', userColumns) as never, built),
  });
  return { query, readLive };
}

const lookUps = new WeakMap<Database, ReturnType<typeof createLookUp>>();

/** The live session of a token and its person, or null when it is unknown, over, or the account is disabled. */
export async function findLiveSession(
  database: Database,
  token: string,
): Promise<LiveSession | null> {
  let lookUp = lookUps.get(database);
  if (!lookUp) lookUps.set(database, (lookUp = createLookUp(database)));
  const [row] = await database.sequelize.query<Row>(lookUp.query, {
    type: QueryTypes.SELECT,
    replacements: { tokenHash: hashToken(token), now: new Date() },
  });
  return row ? lookUp.readLive(row) : null;
}
