import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Sequelize, Transaction, type Options } from 'sequelize';
import { parseDatabaseUrl, type DatabaseLocation, type Dialect } from './database-url.ts';
import { defineActivity, type Activity } from './models/activity.ts';
import { defineArticleRead, type ArticleRead } from './models/article-read.ts';
import { defineFeedAddress, type FeedAddress } from './models/feed-address.ts';
import { definePasswordReset, type PasswordReset } from './models/password-reset.ts';
import { defineRateLimit, type RateLimit } from './models/rate-limit.ts';
import { defineSession, type Session } from './models/session.ts';
import { defineUser, type User } from './models/user.ts';
import { createSqliteDriver } from './sqlite-driver.ts';

/** An open database and its models. Several can be open in one process. */
export interface Database {
  sequelize: Sequelize;
  dialect: Dialect;
  User: typeof User;
  Session: typeof Session;
  Activity: typeof Activity;
  PasswordReset: typeof PasswordReset;
  RateLimit: typeof RateLimit;
  ArticleRead: typeof ArticleRead;
  FeedAddress: typeof FeedAddress;
  /** Closes every connection; nothing may be asked of it afterwards. */
  close: () => Promise<void>;
}

const sharedOptions = {
  logging: false,
  define: { underscored: true },
  // SQLite waits for its lock itself; trying a statement again and again would multiply the wait.
  retry: { max: 1 },
} satisfies Options;

/**
 * Opens `sqlite:PATH` (the folder is made with mode 700, the file with 600) or `postgres://…` and
 * makes sure that it answers. Throws an Error saying what to do, which never holds a password.
 */
export async function openDatabase(url: string): Promise<Database> {
  const location = parseDatabaseUrl(url);
  let connection: Connection | undefined;
  try {
    connection =
      location.dialect === 'sqlite'
        ? await connectSqlite(location.filePath)
        : connectPostgres(location.url);
    await connection.sequelize.authenticate();
  } catch (cause) {
    await connection?.close().catch(() => undefined);
    throw cannotOpen(location, cause);
  }
  return bindModels(connection, location.dialect);
}

type Connection = Pick<Database, 'sequelize' | 'close'>;

function connectPostgres(url: string): Connection {
  const sequelize = new Sequelize(url, {
    ...sharedOptions,
    dialect: 'postgres',
    dialectOptions: {
      application_name: 'latchkey',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    },
    pool: { max: 10, acquire: 10_000 },
  });
  return { sequelize, close: () => sequelize.close() };
}

async function connectSqlite(filePath: string): Promise<Connection> {
  await createPrivateFile(filePath);
  const { dialectModule, waitUntilClosed } = createSqliteDriver();
  const sequelize = new Sequelize({
    ...sharedOptions,
    dialect: 'sqlite',
    dialectModule,
    storage: filePath,
    // A transaction that reads first and writes later fails when another wrote in between.
    transactionType: Transaction.TYPES.IMMEDIATE,
  });
  // Sequelize destroys a connection that failed to commit in its pool, where SQLite's are not: it
  // would stay open, and its lock with it.
  const { connectionManager } = sequelize;
  connectionManager.destroyConnection = (connection) =>
    Promise.resolve(connectionManager.releaseConnection(connection));
  const close = async () => {
    // Only a connection that closes last and alone moves everything from the WAL into the file.
    await waitUntilClosed();
    await sequelize.close();
  };
  return { sequelize, close };
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
  await createPrivateFolder(path.dirname(filePath));
  const file = await open(filePath, 'a', 0o600);
  await file.chmod(0o600);
  await file.close();
}

function bindModels({ sequelize, close }: Connection, dialect: Dialect): Database {
  const user = defineUser(sequelize);
  return {
    sequelize,
    dialect,
    User: user,
    Session: defineSession(sequelize, user),
    Activity: defineActivity(sequelize, user),
    PasswordReset: definePasswordReset(sequelize, user),
    RateLimit: defineRateLimit(sequelize),
    ArticleRead: defineArticleRead(sequelize, user),
    FeedAddress: defineFeedAddress(sequelize, user),
    close,
  };
}

function cannotOpen(location: DatabaseLocation, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `The database ${location.label} could not be opened: ${reason}. ${advise(location, reason)}`,
    {
      cause,
    },
  );
}

function advise({ dialect }: DatabaseLocation, reason: string): string {
  if (dialect === 'postgres') {
    return 'Make sure that the server runs, that it can be reached, and that the user, password and database name in DATABASE_URL are right.';
  }
  return /^SQLITE_(NOTADB|CORRUPT)/.test(reason)
    ? 'The file is damaged, or something else. Move it away, and restore the last backup.'
    : 'Make sure that the folder exists or can be made, and that this user may write there.';
}
