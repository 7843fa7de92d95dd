import type { Database } from '../database.ts';

type SqliteConnection = { exec: (sql: string, done: (fault: Error | null) => void) => void };
type Manager = { getConnection: (options: { uuid?: string }) => Promise<SqliteConnection> };

const run = (connection: SqliteConnection, sql: string) =>
  new Promise<void>((resolve, reject) => {
    connection.exec(sql, (fault) => (fault ? reject(fault) : resolve()));
  });

/**
 * Makes a pragma hold on every connection, until it is disposed of: `max_page_count = 1` is a disk
 * that is full, `query_only = ON` one that cannot be written.
 */
export async function setPragma(
  { sequelize }: Pick<Database, 'sequelize'>,
  pragma: string,
): Promise<Disposable> {
  const manager = sequelize.connectionManager as unknown as Manager;
  const getConnection = manager.getConnection;
  manager.getConnection = async (options) => {
    const connection = await getConnection(options);
    await run(connection, `PRAGMA ${pragma}`);
    return connection;
  };
  const shared = [await getConnection({}), await getConnection({ uuid: 'writer' })];
  return {
    [Symbol.dispose]() {
      manager.getConnection = getConnection;
      for (const connection of shared) {
        connection.exec(
          'PRAGMA query_only = OFF; PRAGMA max_page_count = 1000000',
          () => undefined,
        );
      }
    },
  };
}
