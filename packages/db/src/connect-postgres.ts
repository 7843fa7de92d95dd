import type { ClientConfig } from 'pg';
import { BaseError, ConnectionError, Sequelize, type Options } from 'sequelize';
import { sharedOptions, type Connection } from './connection.ts';

/** What a PostgreSQL is asked for at most; SQLite has no use for it. */
export type DatabaseLimits = {
  /** Connections at once. */
  poolSize?: number;
  /** After so long a statement counts as lost, and its connection with it. Without it, never. */
  statementTimeoutSeconds?: number;
};

/**
 * Prepares connections to PostgreSQL, or to a PgBouncer in transaction mode, where no statement can rely
 * on a setting that another one made: nothing is set when a connection begins (record 50).
 */
export async function connectPostgres(
  url: string,
  { poolSize = 10, statementTimeoutSeconds }: DatabaseLimits,
): Promise<Connection> {
  /** The types of Sequelize leave one out. */
  const options: Options & { keepDefaultTimezone: boolean } = {
    ...sharedOptions,
    dialect: 'postgres',
    dialectModule: await loadDriver(),
    // All times carry their zone, so the one of the session changes nothing.
    keepDefaultTimezone: true,
    dialectOptions: {
      clientMinMessages: 'ignore',
      application_name: 'latchkey',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      // Measured on this side: a server that hangs cannot keep its own time.
      ...(statementTimeoutSeconds && { query_timeout: statementTimeoutSeconds * 1000 }),
    },
    pool: { max: poolSize, acquire: 10_000 },
  };
  const sequelize = new Sequelize(url, options);
  nameConnectionFaults(sequelize);
  return { sequelize, damage: { isSeen: false }, close: () => sequelize.close() };
}

/** What the types of Sequelize leave out. */
type Manager = { connect: (config: object) => Promise<object> };

/** Sequelize asks for the types of a new connection and throws the fault of that as it is. */
function nameConnectionFaults({ connectionManager }: Sequelize): void {
  const manager = connectionManager as unknown as Manager;
  const connect = manager.connect.bind(manager);
  manager.connect = async (config) => {
    try {
      return await connect(config);
    } catch (fault) {
      if (fault instanceof BaseError || !(fault instanceof Error)) throw fault;
      throw new ConnectionError(fault);
    }
  };
}

/**
 * Sequelize listens for the faults of a connection a moment after it began: one that PostgreSQL ends
 * just then would end the process.
 */
async function loadDriver(): Promise<object> {
  const { default: pg } = await import('pg');
  class Client extends pg.Client {
    /** Sequelize gives such a connection to nobody. */
    _invalid = false;

    constructor(config?: ClientConfig) {
      super(config);
      this.on('error', () => (this._invalid = true));
    }
  }
  return { ...pg, Client };
}
