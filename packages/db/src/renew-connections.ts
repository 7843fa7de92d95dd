import { ConnectionError, type Sequelize } from 'sequelize';
import { SqliteFiles } from './sqlite-file.ts';

const SHARED = 'default';

type SqliteConnection = {
  isSpoiled?: boolean;
  exec: (sql: string, done: () => void) => void;
  close: (done: () => void) => void;
};
/** What the types of Sequelize leave out: SQLite's open connections, and the name that one is asked for by. */
type SqliteManager = {
  connections: Record<string, SqliteConnection>;
  getConnection: (options: { uuid?: string }) => Promise<SqliteConnection>;
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

  async function openOrForget(options: { uuid?: string }): Promise<SqliteConnection> {
    try {
      return await open(options);
    } catch (fault) {
      Reflect.deleteProperty(connections, options.uuid ?? SHARED);
      throw fault;
    }
  }

  /** The shared connection closes before others open: they must not take its log for that of another file. */
  async function renewShared(): Promise<void> {
    const standing = files.compare();
    if (standing === 'gone') throw missingFile(filePath);
    const shared = connections[SHARED];
    if (shared && (standing === 'replaced' || shared.isSpoiled)) {
      Reflect.deleteProperty(connections, SHARED);
      await closeWhole(shared);
      files.removeLeft();
    }
    if (connections[SHARED]) return;
    await openOrForget({ uuid: SHARED });
    files.remember();
  }

  let renewing: Promise<void> | undefined;
  manager.getConnection = async (options) => {
    renewing ??= renewShared().finally(() => (renewing = undefined));
    await renewing;
    return openOrForget(options);
  };
}

/** SQLite does not bring the log of a file that was moved home by itself. */
async function closeWhole(connection: SqliteConnection): Promise<void> {
  await new Promise<void>((resolve) =>
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)', () => resolve()),
  );
  await new Promise<void>((resolve) => connection.close(resolve));
}

function missingFile(filePath: string): ConnectionError {
  const fault = new Error(`SQLITE_CANTOPEN: there is no file ${filePath}`);
  return new ConnectionError(Object.assign(fault, { code: 'SQLITE_CANTOPEN' }));
}
