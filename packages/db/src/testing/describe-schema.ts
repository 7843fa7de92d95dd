import { QueryTypes } from 'sequelize';
import type { Database } from '../database.ts';

/** What a database really holds, read from its own catalogue, in a stable order. */
export interface SchemaDescription {
  /** One entry a column: table, name, type, nullability, default. */
  columns: object[];
  /** Names of constraints and indexes. */
  names: string[];
}

const columnQueries = {
  sqlite: `SELECT t.name AS "table", c.name, c.type, c."notnull" AS required, c.dflt_value AS "default", c.pk AS "key"
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1, 2`,
  postgres: `SELECT table_name AS "table", column_name AS name, udt_name AS type, character_maximum_length AS length,
      is_nullable AS nullable, column_default AS "default"
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
};

const nameQueries = {
  sqlite: `SELECT name, sql FROM sqlite_schema`,
  postgres: `SELECT conname AS name, '' AS sql FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION SELECT indexname, '' FROM pg_indexes WHERE schemaname = 'public'`,
};

/** Reads the columns, constraints and indexes of a database from its catalogue. */
export async function describeSchema({ sequelize, dialect }: Database): Promise<SchemaDescription> {
  const columns = await sequelize.query(columnQueries[dialect], { type: QueryTypes.SELECT });
  const rows = await sequelize.query<{ name: string; sql: string | null }>(nameQueries[dialect], {
    type: QueryTypes.SELECT,
  });
  const inTables = rows.flatMap(({ sql }) =>
    [...(sql ?? '').matchAll(/CONSTRAINT (\w+)/g)].map((match) => match[1] ?? ''),
  );
  const names = [...rows.map(({ name }) => name), ...inTables];
  return { columns, names: names.filter((name) => /^(pk|uq|ck|fk|ix)_/.test(name)).sort() };
}
