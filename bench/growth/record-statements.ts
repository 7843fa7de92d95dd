// Loaded into a server before its own code. It writes each statement that reaches a database to the file
// STATEMENTS_FILE, one JSON string a line.
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';

type Ask = (this: unknown, statement: string | { text: string }, ...rest: unknown[]) => unknown;
type Drivers = {
  sqlite3: { Database: { prototype: Record<string, Ask> } };
  pg: { Client: { prototype: Record<string, Ask> } };
};

// The very modules that packages/db loads.
const load = createRequire(resolve(import.meta.dirname, '../../packages/db/package.json'));

function record(prototype: Record<string, Ask>, method: string): void {
  const ask = prototype[method];
  if (!ask) throw new Error(`The driver has no method ${method}.`);
  prototype[method] = function (statement, ...rest) {
    const text = typeof statement === 'string' ? statement : statement.text;
    appendFileSync(process.env['STATEMENTS_FILE'] ?? '', `${JSON.stringify(text)}\n`);
    return ask.call(this, statement, ...rest);
  };
}

// Threads that hash passwords load it too.
if (isMainThread) {
  const { Database } = load('sqlite3') as Drivers['sqlite3'];
  for (const method of ['run', 'get', 'all', 'exec']) record(Database.prototype, method);
  record((load('pg') as Drivers['pg']).Client.prototype, 'query');
}
