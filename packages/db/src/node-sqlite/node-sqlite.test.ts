import { mkdtempDisposable } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sqlite3 from 'sqlite3';
import { expect, test } from 'vitest';
import nodeSqlite from './index.ts';

type Done = (this: unknown, error: Error | null, result?: unknown) => void;
type Method = 'run' | 'get' | 'all';
type Connection = Record<Method, (sql: string, parameters: unknown, done: Done) => unknown> & {
  exec: (sql: string, done: Done) => unknown;
  close: (done: Done) => unknown;
};

const schema = `
  CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE, age INTEGER CHECK (age >= 0), anything);
  CREATE TABLE pets (owner INTEGER NOT NULL REFERENCES people (id));
  INSERT INTO people (email) VALUES ('ada@example.com'), ('grace@example.com');
  PRAGMA foreign_keys = ON;`;

const drivers = [sqlite3, nodeSqlite].map(
  ({ Database }) =>
    Database as unknown as new (file: string, mode: number, done: Done) => Connection,
);

/** What a callback is told: the fault, or the result and what `this` is and says. */
function listen(start: (done: Done) => unknown): Promise<object> {
  return new Promise((resolve) => {
    start(function (error, result) {
      if (error) {
        const { message, code, errno } = error as Error & { code?: unknown; errno?: unknown };
        return resolve({ message, code, errno });
      }
      const context = this as {
        lastID?: unknown;
        changes?: unknown;
        constructor: { name: string };
      };
      const { lastID, changes, constructor } = context;
      resolve({ result, lastID, changes, class: constructor.name });
    });
  });
}

/** Does the same with a database of each driver, in memory, where neither meets the other. */
function withEach<Answer>(work: (connection: Connection) => Promise<Answer>): Promise<Answer[]> {
  const answers = drivers.map(async (Database) => {
    let connection: Connection | undefined;
    await listen((done) => (connection = new Database(':memory:', sqlite3.OPEN_READWRITE, done)));
    if (!connection) throw new Error('There is no connection.');
    return work(connection);
  });
  return Promise.all(answers);
}

const select = 'SELECT $1 AS value, typeof($1) AS type';

test.each<[string, Method, string, unknown]>([
  ['text', 'all', select, { $1: 'ä' }],
  ['an integer', 'all', select, { $1: 7 }],
  ['a fraction', 'all', select, { $1: 1.5 }],
  ['true', 'all', select, { $1: true }],
  ['null', 'all', select, { $1: null }],
  ['undefined', 'all', select, { $1: undefined }],
  ['a blob', 'all', select, { $1: Buffer.from([0, 255]) }],
  ['values in order', 'all', 'SELECT ? AS a, ? AS b', [1, 'x']],
  ['one row', 'get', 'SELECT * FROM people ORDER BY id', []],
  ['no row', 'get', 'SELECT 1 WHERE 0', []],
  ['no rows', 'all', 'SELECT 1 WHERE 0', []],
  ['an insert', 'run', "INSERT INTO people (email) VALUES ('a'), ('b')", []],
  ['an update', 'run', 'UPDATE people SET age = $1', { $1: 36 }],
  ['a delete', 'run', 'DELETE FROM people WHERE id = ?', [2]],
  ['returned rows', 'all', "INSERT INTO people (email) VALUES ('a') RETURNING id, email", []],
  ['a time in a column', 'all', 'SELECT $1 + 0 AS value', { $1: new Date(86_400_000) }],
  ['a unique violation', 'run', "INSERT INTO people (email) VALUES ('ada@example.com')", []],
  ['a taken key', 'run', 'INSERT INTO people (id) VALUES (1)', []],
  ['a failed check', 'run', 'UPDATE people SET age = -1', []],
  ['a foreign key of nobody', 'run', 'INSERT INTO pets (owner) VALUES (99)', []],
  ['a missing value', 'run', 'INSERT INTO pets (owner) VALUES (NULL)', []],
  ['a missing table', 'all', 'SELECT * FROM nothing', []],
  ['bad syntax', 'all', 'SELEKT 1', []],
  ['a commit of nothing', 'run', 'COMMIT', []],
])('Both drivers give the same for %s', async (_name, method, sql, parameters) => {
  const [ofSqlite3, ofNode] = await withEach(async (connection) => {
    await listen((done) => connection.exec(schema, done));
    return listen((done) => connection[method](sql, parameters, done));
  });
  expect(ofNode).toStrictEqual(ofSqlite3);
});

test('Both drivers call back for each statement, and close after the last', async () => {
  const [ofSqlite3, ofNode] = await withEach(async (connection) => {
    const order: string[] = [];
    const note = (name: string) => (error: Error | null) => order.push(error?.message ?? name);
    connection.exec(schema, note('exec'));
    connection.run('UPDATE people SET age = 1', [], note('run'));
    connection.all('SELECT * FROM people', [], note('all'));
    await listen((done) => connection.close(done));
    const after = listen((done) => connection.all('SELECT 1', [], done));
    return { order, after: await after };
  });
  expect(ofNode?.order).toEqual(['exec', 'run', 'all']);
  // Its threads may end a short statement before one that began earlier.
  expect(ofSqlite3?.order.toSorted()).toEqual(ofNode?.order.toSorted());
  expect(ofNode?.after).toStrictEqual(ofSqlite3?.after);
});

test.each([
  ['to read', sqlite3.OPEN_READONLY],
  ['to read and write', sqlite3.OPEN_READWRITE],
])('Neither driver makes a file that is opened %s', async (_purpose, mode) => {
  await using folder = await mkdtempDisposable(path.join(os.tmpdir(), 'latchkey-test-'));
  const file = path.join(folder.path, 'no such?#%20.sqlite');
  const [ofSqlite3, ofNode] = await Promise.all(
    drivers.map((Database) => listen((done) => new Database(file, mode, done))),
  );
  expect(ofSqlite3).toMatchObject({ code: 'SQLITE_CANTOPEN' });
  expect(ofNode).toStrictEqual(ofSqlite3);
});

test('A file of any name is made and opened again, to read alone too', async () => {
  await using folder = await mkdtempDisposable(path.join(os.tmpdir(), 'latchkey-test-'));
  const file = path.join(folder.path, 'a file?mode=memory#%20.sqlite');
  const { Database, OPEN_CREATE, OPEN_READONLY, OPEN_READWRITE } = nodeSqlite;
  const maker = new Database(file, OPEN_READWRITE | OPEN_CREATE);
  await listen((done) => maker.exec(schema, done));
  await listen((done) => maker.close(done));
  const reader = new Database(file, OPEN_READONLY);
  const count = 'SELECT count(*) AS count FROM people';
  expect(await listen((done) => reader.get(count, done))).toMatchObject({ result: { count: 2 } });
  expect(await listen((done) => reader.run('DELETE FROM people', done))).toMatchObject({
    code: 'SQLITE_READONLY',
  });
  await listen((done) => reader.close(done));
});
