import { promisify } from 'node:util';
import { ConnectionError, QueryTypes, type Sequelize } from 'sequelize';
import { SqliteFiles } from './sqlite-file.ts';

/** The connection for reading, which never waits for a lock that somebody else has for writing. */
const READER = 'default';
/** The connection for single writes; each transaction has one of its own. */
const WRITER = 'writer';
/** To be among the options of a raw statement that writes and that Sequelize takes for a query. */
export const throughWriter: object = { uuid: WRITER };
const singleWrites = new Set<string | undefined>([
  QueryTypes.INSERT,
  QueryTypes.UPDATE,
  QueryTypes.BULKUPDATE,
  QueryTypes.UPSERT,
  QueryTypes.DELETE,
  QueryTypes.BULKDELETE,
]);

type SqliteConnection = {
  isSpoiled?: boolean;
  exec: (sql: string, done: () => void) => void;
  close: (done: (error?: Error | null) => void) => void;
};
type ConnectionOptions = { uuid?: string; type?: string };
/** What the types of Sequelize leave out: SQLite's open connections, and the name that one is asked for by. */
type SqliteManager = {
  connections: Record<string, SqliteConnection>;
  getConnection: (options: ConnectionOptions) => Promise<SqliteConnection>;
};

/**
 * Lets a database that was away come back by itself: before each use the file is looked at, a
 * connection to another file than that is opened anew, and one that could not be opened is forgotten.
 */
export function renewConnections({ connectionManager }: Sequelize, filePath: string): void {
  const manager = connectionManager as unknown as SqliteManager;
  const { connections } = manager;
  const files = new SqliteFiles(filePath);
  const open = manager.getConnection.bind(manager);

  const openings = new Set<Promise<SqliteConnection>>();

  async function openOrForget(options: ConnectionOptions): Promise<SqliteConnection> {
    const name = options.uuid ?? READER;
    const opening = open(options);
    const own = connections[name];
    openings.add(opening);
    try {
      return await opening;
    } catch (fault) {
      // It may have been opened anew by somebody else.
      if (connections[name] === own) Reflect.deleteProperty(connections, name);
      throw fault;
    } finally {
      openings.delete(opening);
    }
  }

  /** The shared connections close before others open: they must not take their log for that of another file. */
  async function renewShared(): Promise<void> {
    const standing = files.compare();
    if (standing === 'gone') throw missingFile(filePath);
    const listShared = () => [WRITER, READER].flatMap((name) => connections[name] ?? []);
    if (standing === 'replaced' || listShared().some(({ isSpoiled }) => isSpoiled)) {
      // Sequelize looks for a connection again once it is open, and must find it.
      await Promise.allSettled(openings);
      const shared = listShared();
      for (const name of [WRITER, READER]) Reflect.deleteProperty(connections, name);
      for (const connection of shared) await closeWhole(connection);
      files.removeLeft();
    }
    if (connections[READER]) return;
    await openOrForget({ uuid: READER });
    files.remember();
  }

  let renewing: Promise<void> | undefined;
  manager.getConnection = async (options) => {
    renewing ??= renewShared().finally(() => (renewing = undefined));
    await renewing;
    const isSingleWrite = options.uuid === undefined && singleWrites.has(options.type);
    return openOrForget(isSingleWrite ? { ...options, uuid: WRITER } : options);
  };
}

/** Closes what Sequelize would close at once: then each may take the other for the last one. */
export async function closeInTurn({ connectionManager }: Sequelize): Promise<void> {
  const { connections } = connectionManager as unknown as SqliteManager;
  for (const [name, connection] of Object.entries(connections)) {
    Reflect.deleteProperty(connections, name);
    await promisify(connection.close.bind(connection))();
  }
}

/** SQLite does not bring the log of a file that was moved home by itself. */
async function closeWhole(connection: SqliteConnection): Promise<void> {
  await new Promise<void>((resolve) =>
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)', () => resolve()),
  );
  await new Promise<void>((resolve) => connection.close(() => resolve()));
}

function missingFile(filePath: string): ConnectionError {
  const fault = new Error(`SQLITE_CANTOPEN: there is no file ${filePath}`);
  return new ConnectionError(Object.assign(fault, { code: 'SQLITE_CANTOPEN' }));
}
