import sqlite3 from '#sqlite3';
import { WriteQueue, type EndTurn } from './write-queue.ts';

const BUSY_TIMEOUT_MILLISECONDS = 5000;
const RETRY_DELAY_MILLISECONDS = 20;

/** @see docs/decisions for `synchronous = FULL` */
const connectionSettings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;`;

const readsOrEndsATransaction =
  /^\s*(--|SELECT|PRAGMA|EXPLAIN|SAVEPOINT|RELEASE|COMMIT|END|ROLLBACK)\b/i;
const beginsTransaction = /^\s*BEGIN\b/i;
const endsTransaction = /^\s*(COMMIT|END|ROLLBACK(?!\s+(TRANSACTION\s+)?TO\b))\b/i;

/** A full or failing disk has SQLite roll back by itself; what is rolled back then is nothing, and no fault. */
const isRolledBack = (sql: string, { message }: Error) =>
  /^\s*ROLLBACK\b/i.test(sql) && message.includes('no transaction is active');

type Callback = (this: unknown, error: Error | null, ...results: unknown[]) => void;
type Method = 'run' | 'get' | 'all' | 'exec';

/** After these a connection may hold pages of a file that is no longer so, or have been opened for reading alone. */
const spoilsConnection = /^SQLITE_(CORRUPT|NOTADB|READONLY)/;
const showsDamage = /^SQLITE_(CORRUPT|NOTADB|IOERR)/;

/** `dialectModule` is for Sequelize; `waitUntilClosed` for connections that it closed without waiting. */
export interface SqliteDriver {
  dialectModule: typeof sqlite3;
  /** Whether damage was found, or the disk failed, on any connection. */
  damage: { isSeen: boolean };
  waitUntilClosed: () => Promise<void>;
}

/**
 * The sqlite3 module with a `Database` whose every connection has the settings above, and whose
 * writes, transactions included, take turns. Make one for each open file.
 */
export function createSqliteDriver(
  busyTimeoutMilliseconds = BUSY_TIMEOUT_MILLISECONDS,
): SqliteDriver {
  const writeQueue = new WriteQueue(busyTimeoutMilliseconds);
  const closings = new Set<Promise<void>>();
  const damage = { isSeen: false };

  class Database extends sqlite3.Database {
    /** A new connection may do better. */
    isSpoiled = false;
    #endTurn: EndTurn | null = null;

    constructor(filename: string, mode: number, callback: (error: Error | null) => void) {
      super(filename, mode, (error) => {
        if (error) callback(error);
      });
      // Set before `serialize`: after it sqlite3 would start none of the statements that wait for the file to open.
      this.configure('busyTimeout', busyTimeoutMilliseconds);
      // One thread a connection at most: SQLite would only make the others wait for its mutex.
      this.serialize();
      this.#applySettings(Date.now() + busyTimeoutMilliseconds, callback);
    }

    /** Changing to WAL needs the file alone, and SQLite does not always wait for that by itself. */
    #applySettings(deadline: number, callback: (error: Error | null) => void): void {
      super.exec(connectionSettings, (error) => {
        const isBusy = error !== null && Reflect.get(error, 'code') === 'SQLITE_BUSY';
        if (!isBusy || Date.now() > deadline) return callback(error);
        setTimeout(() => this.#applySettings(deadline, callback), RETRY_DELAY_MILLISECONDS);
      });
    }

    override run(sql: string, ...args: unknown[]): this {
      return this.#inTurn('run', sql, args);
    }

    override get(sql: string, ...args: unknown[]): this {
      return this.#inTurn('get', sql, args);
    }

    override all(sql: string, ...args: unknown[]): this {
      return this.#inTurn('all', sql, args);
    }

    override exec(sql: string, ...args: unknown[]): this {
      return this.#inTurn('exec', sql, args);
    }

    override close(callback?: (error: Error | null) => void): void {
      const { promise: closing, resolve } = Promise.withResolvers<undefined>();
      closings.add(closing);
      // Called back at once where it was closed before.
      super.close((error) => {
        this.#leave();
        closings.delete(closing);
        callback?.(error);
        resolve(undefined);
      });
    }

    #inTurn(method: Method, sql: string, args: unknown[]): this {
      const begins = beginsTransaction.test(sql);
      if (this.#endTurn || (!begins && readsOrEndsATransaction.test(sql))) {
        return this.#execute(method, sql, args, (failed) => {
          if (!failed && endsTransaction.test(sql)) this.#leave();
        });
      }
      writeQueue.takeTurn((error, endTurn) => {
        if (error) return callbackOf(args)?.call(this, error);
        if (begins) this.#endTurn = endTurn;
        this.#execute(method, sql, args, (failed) => {
          if (!begins) endTurn();
          else if (failed) this.#leave();
        });
      });
      return this;
    }

    #execute(method: Method, sql: string, args: unknown[], after: (failed: boolean) => void): this {
      const callback = callbackOf(args);
      const parameters = callback ? args.slice(0, -1) : args;
      const noteFault = (error: Error) => this.#noteFault(error);
      const wrapped: Callback = function (given, ...results) {
        const error = given && isRolledBack(sql, given) ? null : given;
        if (error) noteFault(error);
        after(Boolean(error));
        callback?.call(this, error, ...results);
      };
      const execute = Reflect.get(sqlite3.Database.prototype, method) as (
        ...all: unknown[]
      ) => unknown;
      execute.call(this, sql, ...parameters, wrapped);
      return this;
    }

    #noteFault({ message }: Error): void {
      if (spoilsConnection.test(message)) this.isSpoiled = true;
      if (showsDamage.test(message)) damage.isSeen = true;
    }

    #leave(): void {
      this.#endTurn?.();
      this.#endTurn = null;
    }
  }

  return {
    dialectModule: Object.assign(Object.create(sqlite3) as typeof sqlite3, { Database }),
    damage,
    waitUntilClosed: async () => {
      await Promise.all(closings);
    },
  };
}

function callbackOf(args: unknown[]): Callback | undefined {
  const last = args.at(-1);
  return typeof last === 'function' ? (last as Callback) : undefined;
}
