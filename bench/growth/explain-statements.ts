import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '@latchkey/db';

export type Plan = {
  statement: string;
  steps: string[];
  /** Whether it reads a table that grows with the people from its beginning. */
  isScan: boolean;
};

const explainable = /^(\/\*.*?\*\/)?\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;
const growing = '"?(users|sessions|activities|rate_limits|person|session|user|activity)"?';
const scansOf = {
  // One that follows an index ends with its LIMIT.
  sqlite: new RegExp(`^SCAN ${growing}$`, 'i'),
  postgres: new RegExp(`Seq Scan on ${growing}`, 'i'),
};

/** The same statement with other values is the same. */
const shapeOf = (statement: string) =>
  statement
    .replaceAll(/'(?:[^']|'')*'|\b\d+\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .trim();

async function readShapes(file: string): Promise<Map<string, string>> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const statements = lines
    .map((line) => JSON.parse(line) as string)
    .filter((statement) => explainable.test(statement) && !/sqlite_|pg_/i.test(statement));
  return new Map(statements.map((statement) => [shapeOf(statement), statement]));
}

/**
 * How the database answers each statement of a file that `record-statements.ts` wrote.
 *
 * @param url as DATABASE_URL
 */
export async function explainStatements(url: string, file: string): Promise<Plan[]> {
  const shapes = await readShapes(file);
  const [, path] = /^sqlite:(.+)$/.exec(url) ?? [];
  return path === undefined ? explainOnPostgres(url, shapes) : explainOnSqlite(path, shapes);
}

function explainOnSqlite(path: string, shapes: Map<string, string>): Plan[] {
  using database = new DatabaseSync(path);
  return [...shapes].map(([statement, text]) => {
    const rows = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all();
    const steps = rows.map(({ detail }) => String(detail));
    return { statement, steps, isScan: steps.some((step) => scansOf.sqlite.test(step)) };
  });
}

async function explainOnPostgres(url: string, shapes: Map<string, string>): Promise<Plan[]> {
  const database = await openDatabase(url);
  const plans: Plan[] = [];
  for (const [statement, text] of shapes) {
    const explain = `EXPLAIN (GENERIC_PLAN, COSTS OFF) ${text}`;
    const [rows] = (await database.sequelize.query(explain)) as [Record<string, string>[], unknown];
    const steps = rows.map((row) => row['QUERY PLAN'] ?? '');
    plans.push({ statement, steps, isScan: steps.some((step) => scansOf.postgres.test(step)) });
  }
  await database.close();
  return plans;
}
