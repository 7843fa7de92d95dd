import type { Database, Session, User } from '@latchkey/db';
import DataLoader from 'dataloader';
import { QueryTypes, type Model, type ModelStatic } from 'sequelize';
import { currentRoles } from '../users/current-roles.ts';
import { hashToken } from '../tokens/secret-token.ts';

/**
 * The values of both rows. They are no models: a row is changed by its model and its id. The person's
 * `roles` are those of this moment.
 */
export type LiveSession = { session: Session; user: User };

const MOST_AT_ONCE = 100;

type Values = Record<string, unknown>;
type Row = { tokenHash: string; session: string; person: string };

const readText = (read: (text: string) => unknown) => (value: unknown) =>
  typeof value === 'string' ? read(value) : value;
/** What JSON has no word for, by the type of its column. SQLite writes booleans as numbers. */
const readers: Record<string, (value: unknown) => unknown> = {
  DATE: readText((text) => new Date(text)),
  BLOB: readText((hex) => Buffer.from(hex, 'hex')),
  BOOLEAN: (value) => (typeof value === 'number' ? value !== 0 : value),
};
/** How a column goes into JSON where it cannot as it is, or would lose something there. */
const writers: Record<Database['dialect'], Record<string, (column: string) => string>> = {
  sqlite: {
    // They are kept as texts.
    JSON: (column) => `json(${column})`,
    JSONB: (column) => `json(${column})`,
    // The hex of nothing is an empty text.
    BLOB: (column) => `CASE WHEN ${column} IS NOT NULL THEN hex(${column}) END`,
  },
  postgres: {
    BLOB: (column) => `encode(${column}, 'hex')`,
    // Numbers that JavaScript may not have whole come as text from the models too.
    BIGINT: (column) => `CAST(${column} AS text)`,
    DECIMAL: (column) => `CAST(${column} AS text)`,
  },
};

function listColumns(model: ModelStatic<Model>) {
  return Object.entries(model.getAttributes()).map(([attribute, { field, type }]) => ({
    attribute,
    field: field ?? attribute,
    type: typeof type === 'object' ? type.key : '',
  }));
}

/** What a statement selects to give one table's part of a row as JSON, and its reader. */
function createReader(model: ModelStatic<Model>, table: string, dialect: Database['dialect']) {
  const columns = listColumns(model);
  const pairs = columns.map(({ attribute, field, type }) => {
    const column = `${table}."${field}"`;
    return `'${attribute}', ${writers[dialect][type]?.(column) ?? column}`;
  });
  const build = { sqlite: 'json_object', postgres: 'json_build_object' }[dialect];
  const revived = columns.flatMap(({ attribute, type }) => {
    const read = readers[type];
    return read ? { attribute, read } : [];
  });
  return {
    // As text on PostgreSQL too: two requests of one session each have values of their own.
    json: `CAST(${build}(${pairs.join(', ')}) AS text) AS ${table}`,
    read(json: string): Values {
      const values = JSON.parse(json) as Values;
      for (const { attribute, read } of revived) values[attribute] = read(values[attribute]);
      return values;
    },
  };
}

/** A moment as SQLite holds it, which PostgreSQL reads as well. */
const writeMoment = (moment: Date) =>
  moment.toISOString().replace('T', ' ').replace('Z', ' +00:00');

// Every request of somebody who is signed in asks this. Sequelize's own way takes several times as long:
// it writes the statement anew, asks SQLite for the types of the columns, takes joined rows apart and
// makes models of them; and 20 values of a row cost more to bring over one by one than as one text.
function createLookUp({ sequelize, dialect, Session, User }: Database) {
  const session = createReader(Session, 'session', dialect);
  const person = createReader(User, 'person', dialect);
  const isAmong = dialect === 'postgres' ? '= ANY($1)' : 'IN (SELECT value FROM json_each($1))';
  const query = `
    SELECT session.token_hash AS "tokenHash", ${session.json}, ${person.json}
    FROM sessions AS session JOIN users AS person ON person.id = session.user_id
    WHERE session.token_hash ${isAmong}
      AND session.idle_expires_at > $2 AND session.expires_at > $2
      AND person.disabled_at IS NULL`;

  const readLive = (row: Row) => {
    const read = { session: session.read(row.session), user: person.read(row.person) };
    const live = read as LiveSession;
    live.user.roles = currentRoles(live.user);
    return live;
  };

  return async (tokenHashes: readonly string[]): Promise<(LiveSession | null)[]> => {
    const hashes = dialect === 'postgres' ? tokenHashes : JSON.stringify(tokenHashes);
    const rows = await sequelize.query<Row>(query, {
      type: QueryTypes.SELECT,
      bind: [hashes, writeMoment(new Date())],
    });
    const byHash = new Map(rows.map((row) => [row.tokenHash, row]));
    return tokenHashes.map((hash) => {
      const row = byHash.get(hash);
      return row ? readLive(row) : null;
    });
  };
}

/** SQLite reads over one connection. Elsewhere a look-up that hangs is not to hold up all others. */
const MOST_UNDER_WAY = { sqlite: 1, postgres: 4 };

/**
 * Joins look-ups: what is asked while others are under way waits for these, and goes as one statement.
 * Nothing is kept for the next ones.
 */
function joinLookUps(database: Database): DataLoader<string, LiveSession | null> {
  const lookUp = createLookUp(database);
  const waiting: (() => void)[] = [];
  let underWay = 0;
  const start = () => {
    if (underWay < MOST_UNDER_WAY[database.dialect]) waiting.shift()?.();
  };
  const lookUpInTurn = (tokenHashes: readonly string[]) => {
    underWay += 1;
    return lookUp(tokenHashes).finally(() => {
      underWay -= 1;
      start();
    });
  };
  return new DataLoader(lookUpInTurn, {
    cache: false,
    batchScheduleFn(dispatch) {
      waiting.push(dispatch);
      setImmediate(start);
    },
    maxBatchSize: MOST_AT_ONCE,
  });
}

const lookUps = new WeakMap<Database, ReturnType<typeof joinLookUps>>();

/** The live session of a token and its person, or null when it is unknown, over, or the account is disabled. */
export function findLiveSession(database: Database, token: string): Promise<LiveSession | null> {
  let lookUp = lookUps.get(database);
  if (!lookUp) {
    lookUp = joinLookUps(database);
    lookUps.set(database, lookUp);
  }
  return lookUp.load(hashToken(token));
}
