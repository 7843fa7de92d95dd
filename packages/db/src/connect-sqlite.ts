import { constants } from 'node:fs';
import { access, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Sequelize, Transaction } from 'sequelize';
import sqlite3 from '#sqlite3';
import { sharedOptions, type Connection } from './connection.ts';
import { createSqliteDriver } from './sqlite-driver.ts';
import { closeInTurn, renewConnections } from './renew-connections.ts';

/** Opens a file of SQLite, and makes it where there is none. */
export async function connectSqlite(filePath: string): Promise<Connection> {
  await createPrivateFile(filePath);
  const { dialectModule, damage, waitUntilClosed } = createSqliteDriver();
  const sequelize = new Sequelize({
    ...sharedOptions,
    dialect: 'sqlite',
    dialectModule,
    // Made above alone: a file that went away must not be replaced by an empty one.
    dialectOptions: { mode: sqlite3.OPEN_READWRITE },
    storage: filePath,
    // A transaction that reads first and writes later fails when another wrote in between.
    transactionType: Transaction.TYPES.IMMEDIATE,
  });
  // Sequelize destroys a connection that failed to commit in its pool, where SQLite's are not: it
  // would stay open, and its lock with it.
  const { connectionManager } = sequelize;
  connectionManager.destroyConnection = (connection) =>
    Promise.resolve(connectionManager.releaseConnection(connection));
  renewConnections(sequelize, filePath);
  const close = async () => {
    // Only a connection that closes last and alone moves everything from the WAL into the file.
    await waitUntilClosed();
    await closeInTurn(sequelize);
    await sequelize.close();
  };
  return { sequelize, damage, close };
}

/** Makes a folder and those above it. Node's own way never ends where none can be made, as in /proc. */
async function createPrivateFolder(folder: string, isAgain = false): Promise<void> {
  try {
    await mkdir(folder, 0o700);
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException; // What mkdir fails with.
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || isAgain) throw fault;
    await createPrivateFolder(path.dirname(folder));
    await createPrivateFolder(folder, true);
  }
}

async function createPrivateFile(filePath: string): Promise<void> {
  const isThere = () =>
    access(filePath, constants.R_OK).then(
      () => true,
      () => false,
    );
  try {
    await createPrivateFolder(path.dirname(filePath));
    await using file = await open(filePath, 'a', 0o600);
    await file.chmod(0o600);
  } catch (fault) {
    // What cannot be written can be read: by a backup, perhaps.
    if (!(await isThere())) throw fault;
  }
}
