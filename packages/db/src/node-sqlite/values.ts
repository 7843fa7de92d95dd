import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** What a statement of `node:sqlite` takes: values by name, and values in order. */
export type BoundValues = [Record<string, SQLInputValue>, ...SQLInputValue[]];

/** The parameters of a call to sqlite3 (`values…`, `[values]` or `{ $1: value }`) for `node:sqlite`. */
export function bindValues(parameters: unknown[]): BoundValues {
  const [first] = parameters;
  if (Array.isArray(first)) return [{}, ...first.map(toSqliteValue)];
  if (!isNamed(first)) return [{}, ...parameters.map(toSqliteValue)];
  const named = Object.entries(first).map(([name, value]) => [name, toSqliteValue(value)] as const);
  return [Object.fromEntries(named)];
}

const isNamed = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !(value instanceof Date) &&
  !ArrayBuffer.isView(value);

function toSqliteValue(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  // Node binds every number as REAL, which a column without a type would keep.
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  if (value instanceof Date) return value.getTime();
  return value as SQLInputValue; // Node refuses what SQLite cannot keep.
}

/** A row as sqlite3 gives it: a plain object, with blobs as Buffers. */
export function toRow(row: Record<string, SQLOutputValue>): Record<string, unknown> {
  const plain: Record<string, unknown> = { ...row };
  for (const [name, value] of Object.entries(row)) {
    if (ArrayBuffer.isView(value)) {
      plain[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  }
  return plain;
}
