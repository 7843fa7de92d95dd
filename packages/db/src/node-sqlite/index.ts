import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isLocked, createMisuseError, toSqlite3Error } from './errors.ts';
import { bindValues, toRow, type BoundValues } from './values.ts';

const OPEN_READONLY = 1;
const OPEN_READWRITE = 2;
const OPEN_CREATE = 4;

/** As long as sqlite3 waits when it is not told otherwise. */
const DEFAULT_BUSY_TIMEOUT_MILLISECONDS = 1000;
const RETRY_DELAY_MILLISECONDS = 20;

/** What callbacks of `run`, `get` and `all` have as `this`; Sequelize knows it by the name of its class. */
class Statement {
  lastID: number | undefined;
  changes: number | undefined;
}

type Callback = (this: unknown, error: Error | null, result?: unknown) => void;
type Answer = { context: unknown; result?: unknown };
type Job = {
  work: () => Answer;
  callback: Callback | undefined;
  /** Whether work that met a lock has changed nothing, so that it can be done again. */
  isRepeatable: boolean;
  /** By `performance.now()`, from the first attempt on. */
  deadline?: number;
};

/**
 * As much of sqlite3's `Database` as Sequelize and `sqlite-driver.ts` use, on Node's own SQLite.
 *
 * A connection executes one statement after another, each on the main thread, which does nothing else
 * meanwhile. For a lock it waits between attempts and not inside SQLite, or a connection of this process
 * that holds the lock could never release it; `exec` is not tried again, since its first
 * statements may be done. Integers beyond 2^53 and objects are refused, where sqlite3 changes them.
 */
class Database {
  readonly filename: string;
  readonly #jobs: Job[] = [];
  #busyTimeoutMilliseconds = DEFAULT_BUSY_TIMEOUT_MILLISECONDS;
  #database: DatabaseSync | null = null;

  constructor(filename: string, mode = OPEN_READWRITE | OPEN_CREATE, callback?: Callback) {
    this.filename = filename;
    this.#add(callback, true, () => {
      this.#database = open(filename, mode);
      return { context: this };
    });
  }

  configure(_option: 'busyTimeout', milliseconds: number): void {
    this.#busyTimeoutMilliseconds = milliseconds;
  }

  serialize(callback?: () => void): void {
    callback?.();
  }

  run(sql: string, ...args: unknown[]): this {
    return this.#query(sql, args, (statement, values) => {
      const { lastInsertRowid, changes } = statement.run(...values);
      const context = { lastID: Number(lastInsertRowid), changes: Number(changes) };
      return { context: Object.assign(new Statement(), context) };
    });
  }

  get(sql: string, ...args: unknown[]): this {
    return this.#query(sql, args, (statement, values) => {
      const row = statement.get(...values);
      return { context: new Statement(), result: row && toRow(row) };
    });
  }

  all(sql: string, ...args: unknown[]): this {
    return this.#query(sql, args, (statement, values) => {
      const rows = statement.all(...values);
      return { context: new Statement(), result: rows.map(toRow) };
    });
  }

  exec(sql: string, callback?: Callback): this {
    return this.#add(callback, false, () => {
      this.#requireOpen().exec(sql);
      return { context: this };
    });
  }

  close(callback?: Callback): void {
    this.#add(callback, true, () => {
      this.#requireOpen().close();
      this.#database = null;
      return { context: this };
    });
  }

  #requireOpen(): DatabaseSync {
    if (!this.#database) throw createMisuseError('Database is closed');
    return this.#database;
  }

  #query(
    sql: string,
    args: unknown[],
    execute: (statement: StatementSync, values: BoundValues) => Answer,
  ): this {
    const last = args.at(-1);
    const callback = typeof last === 'function' ? (last as Callback) : undefined;
    const values = bindValues(callback ? args.slice(0, -1) : args);
    return this.#add(callback, true, () => execute(this.#requireOpen().prepare(sql), values));
  }

  #add(callback: Callback | undefined, isRepeatable: boolean, work: Job['work']): this {
    this.#jobs.push({ work, callback, isRepeatable });
    if (this.#jobs.length === 1) this.#continue();
    return this;
  }

  /** Each statement waits for a turn of the event loop, or many would leave none to requests. */
  #continue(): void {
    setImmediate(() => this.#attempt());
  }

  #attempt(): void {
    const [job] = this.#jobs;
    if (!job) return;
    job.deadline ??= performance.now() + this.#busyTimeoutMilliseconds;
    let answer: Answer | null = null;
    let fault: unknown;
    try {
      answer = job.work();
    } catch (thrown) {
      fault = thrown;
    }
    if (job.isRepeatable && isLocked(fault) && performance.now() < job.deadline) {
      setTimeout(() => this.#attempt(), RETRY_DELAY_MILLISECONDS);
      return;
    }
    this.#jobs.shift();
    if (this.#jobs.length > 0) this.#continue();
    if (answer) job.callback?.call(answer.context, null, answer.result);
    else job.callback?.call(this, toSqlite3Error(fault));
  }
}

function open(filename: string, mode: number): DatabaseSync {
  if (filename === ':memory:') return new DatabaseSync(filename);
  const address = pathToFileURL(filename);
  if (mode & OPEN_READONLY) return new DatabaseSync(address, { readOnly: true });
  address.searchParams.set('mode', mode & OPEN_CREATE ? 'rwc' : 'rw');
  return new DatabaseSync(address);
}

export default { Database, OPEN_READONLY, OPEN_READWRITE, OPEN_CREATE };
