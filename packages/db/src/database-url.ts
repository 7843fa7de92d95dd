import path from 'node:path';

/** The two databases this package speaks. */
export type Dialect = 'sqlite' | 'postgres';

/** Where a database is. `label` names it in messages and never holds a password. */
export type DatabaseLocation =
  | { dialect: 'sqlite'; filePath: string; label: string }
  | { dialect: 'postgres'; url: string; label: string };

const howToWriteOne =
  'Set DATABASE_URL to sqlite:PATH, such as sqlite:data/latchkey.sqlite, or to postgres://USER:PASSWORD@HOST:PORT/NAME.';

/**
 * Reads the address of a database: `sqlite:PATH` (a relative path starts at the working directory),
 * `postgres://…` or `postgresql://…`. Throws an Error that shows nothing of a faulty address but its scheme.
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  if (url.startsWith('sqlite:')) return parseSqlitePath(url.slice('sqlite:'.length));
  if (/^postgres(ql)?:\/\//.test(url)) return parsePostgresUrl(url);
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(url)?.[0];
  throw unusableUrl(scheme ? `"${scheme}:" is not a known scheme.` : 'it has no scheme.');
}

function parseSqlitePath(writtenPath: string): DatabaseLocation {
  if (writtenPath === '') throw unusableUrl('no path follows "sqlite:".');
  if (writtenPath.startsWith('//')) {
    throw unusableUrl('"sqlite:" takes a plain path, without "//".');
  }
  if (writtenPath === ':memory:') {
    throw unusableUrl('a database in memory cannot be shared between connections; use a file.');
  }
  const filePath = path.resolve(writtenPath);
  return { dialect: 'sqlite', filePath, label: `sqlite:${filePath}` };
}

function parsePostgresUrl(url: string): DatabaseLocation {
  if (!URL.canParse(url)) {
    throw unusableUrl(
      'the PostgreSQL address cannot be parsed. Write special characters in the password as %XX.',
    );
  }
  const { hostname, port, pathname } = new URL(url);
  const label = `postgres://${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
  return { dialect: 'postgres', url, label };
}

function unusableUrl(reason: string): Error {
  return new Error(`The database address cannot be used: ${reason} ${howToWriteOne}`);
}
