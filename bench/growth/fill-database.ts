import { randomBytes, scryptSync } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase, type Database } from '@latchkey/db';
import { makeSessions } from '../server/create-sessions.ts';

/** The cheapest hash that the settings take: what it costs would hide what the database costs. */
export const cheapestHash = { PASSWORD_SCRYPT_LOG2N: '10' };
export const PASSWORD = 'correct horse battery';
export const emailOf = (index: number) => `person-${`${index}`.padStart(9, '0')}@bench.example`;

const SLICE = 250_000;
const DAY_MS = 86_400_000;
/** More than any run asks with at once. */
const KNOWN_SESSIONS = 2000;

const stepOf = (people: number) => Math.floor(2 ** 32 / people);

function hashPassword(): string {
  const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  const salt = randomBytes(16);
  const key = scryptSync(PASSWORD, salt, 32, { N: 2 ** 10, r: 8, p: 1 });
  return `$scrypt$ln=10,r=8,p=1$${encode(salt)}$${encode(key)}`;
}

/** What the two databases write differently. */
type Words = {
  series: (from: number, to: number) => string;
  hex: (number: string, digits: number) => string;
  /** The moment so many milliseconds after now. */
  moment: (ms: string) => string;
  padded: string;
  no: string;
  uuid: (text: string) => string;
};

const sqlite: Words = {
  series: (from, to) =>
    `(WITH RECURSIVE series(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM series WHERE i + 1 < ${to}) SELECT i FROM series)`,
  hex: (number, digits) => `printf('%0${digits}x', ${number})`,
  moment: (ms) =>
    `strftime('%Y-%m-%d %H:%M:%f +00:00', (${Date.now()} + (${ms})) / 1000.0, 'unixepoch')`,
  padded: "printf('%09d', i)",
  no: '0',
  uuid: (text) => text,
};

const postgres: Words = {
  series: (from, to) => `generate_series(${from}, ${to - 1}) AS series(i)`,
  hex: (number, digits) => `lpad(to_hex(${number}), ${digits}, '0')`,
  moment: (ms) => `to_timestamp((${Date.now()} + (${ms})) / 1000.0)`,
  padded: "lpad(i::text, 9, '0')",
  no: 'false',
  uuid: (text) => `(${text})::uuid`,
};

/** Statements that make people from one number up to another, of so many, with all that they have. */
function writeStatements(words: Words, people: number, from: number, to: number): string[] {
  const { series, hex, moment, padded, no, uuid } = words;
  const rows = series(from, to);
  const step = stepOf(people);
  // In the order of their keys, which is quick, and spread over all keys that there may be.
  const id = (kind: number, number = 'CAST(i AS BIGINT)') =>
    uuid(`${hex(`${number} * ${step}`, 8)} || '-000${kind}-4000-8000-' || ${hex(number, 12)}`);
  /** A whole number from 0 to below `most`, which does not follow the order of the keys. */
  const shuffled = (most: number) => `(CAST(i AS BIGINT) * 7919 % ${people} * ${most} / ${people})`;
  const past = (days: number) => moment(`0 - ${shuffled(days * DAY_MS)}`);
  const tokenHash = `${hex(`CAST(i AS BIGINT) * ${step}`, 8)} || '${'0123456789abcdef'.repeat(4).slice(8)}'`;
  const made = moment(`(CAST(i AS BIGINT) - ${people}) * ${2 * 365 * DAY_MS} / ${people}`);
  const agent = "'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'";
  const activity = (kind: number, event: string) => `
    INSERT INTO activities (id, user_id, event, address, user_agent, created_at, updated_at)
    SELECT ${id(kind)}, ${id(0)}, '${event}', '192.0.2.7', ${agent}, ${past(360)}, ${past(360)} FROM ${rows}`;
  return [
    `INSERT INTO users (id, name, email, username, password_hash, roles, created_at, updated_at)
     SELECT ${id(0)}, 'Person ' || i, 'person-' || ${padded} || '@bench.example',
       CASE WHEN i % 2 = 0 THEN 'person-' || ${padded} END, '${hashPassword()}', '["member"]', ${made}, ${made}
     FROM ${rows}`,
    `INSERT INTO sessions (id, user_id, token_hash, stay_signed_in, address, user_agent,
       authenticated_at, last_seen_at, idle_expires_at, expires_at, created_at, updated_at)
     SELECT ${id(1)}, ${id(0)}, ${tokenHash}, ${no}, '192.0.2.7', ${agent},
       ${past(14)}, ${past(14)}, ${moment(`3600000 + ${shuffled(14 * DAY_MS)}`)}, ${moment(`${30 * DAY_MS}`)}, ${past(14)}, ${past(14)}
     FROM ${rows}`,
    activity(2, 'registered'),
    activity(3, 'logged-in'),
    `INSERT INTO rate_limits (key, points, expire)
     SELECT 'failures:' || i, 1, ${Date.now() + DAY_MS} FROM ${rows} WHERE i % 10 = 0`,
  ];
}

type Run = (statement: string) => unknown;

async function writePeople(run: Run, words: Words, people: number): Promise<void> {
  for (let from = 0; from < people; from += SLICE) {
    const to = Math.min(people, from + SLICE);
    for (const statement of writeStatements(words, people, from, to)) await run(statement);
  }
}

/** Fills a file that nobody else has open, without a log: a crash may cost it all. */
async function fillSqlite(file: string, people: number): Promise<void> {
  using database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;',
  );
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index'")
    .all();
  // Those of keys and constraints have no statement.
  const made = indexes.filter(({ sql }) => typeof sql === 'string');
  for (const { name } of made) database.exec(`DROP INDEX ${String(name)}`);
  await writePeople((statement) => database.exec(statement), sqlite, people);
  for (const { sql } of made) database.exec(String(sql));
  database.exec('PRAGMA journal_mode = WAL;');
}

async function fillPostgres({ sequelize }: Database, people: number): Promise<void> {
  await writePeople((statement) => sequelize.query(statement), postgres, people);
  // As autovacuum does by itself, a minute later.
  await sequelize.query('VACUUM ANALYZE');
}

const toHex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
const idOf = (index: number, people: number) =>
  `${toHex(index * stepOf(people), 8)}-0000-4000-8000-${toHex(index, 12)}`;

/** Sessions of people at random, and the tokens of these. */
async function addKnownSessions({ Session }: Database, people: number): Promise<string[]> {
  const userIds = Array.from({ length: KNOWN_SESSIONS }, () =>
    idOf(Math.floor(Math.random() * people), people),
  );
  const { tokens, rows } = makeSessions(userIds, new Date(Date.now() + 7 * DAY_MS));
  await Session.bulkCreate(rows);
  return tokens;
}

/**
 * Fills a migrated database: each person has a session, two lines in the security log, and every tenth
 * a counter of failures.
 *
 * @param url as DATABASE_URL
 * @returns the tokens of sessions of people at random, in which everybody is signed in
 */
export async function fillDatabase(url: string, people: number): Promise<string[]> {
  const [, file] = /^sqlite:(.+)$/.exec(url) ?? [];
  if (file !== undefined) await fillSqlite(file, people);
  const database = await openDatabase(url);
  try {
    if (file === undefined) await fillPostgres(database, people);
    return await addKnownSessions(database, people);
  } finally {
    await database.close();
  }
}

/** Adds sessions that are over since a minute, of people at random. */
export async function addExpiredSessions(
  url: string,
  people: number,
  count: number,
): Promise<void> {
  const database = await openDatabase(url);
  const over = new Date(Date.now() - 60_000);
  const sessions = Array.from({ length: count }, () => ({
    userId: idOf(Math.floor(Math.random() * people), people),
    tokenHash: randomBytes(32).toString('hex'),
    staySignedIn: false,
    authenticatedAt: over,
    lastSeenAt: over,
    idleExpiresAt: over,
    expiresAt: over,
  }));
  while (sessions.length > 0) await database.Session.bulkCreate(sessions.splice(0, 1000));
  await database.close();
}
