import { readFile } from 'node:fs/promises';
import {
  cleanIdentifier,
  isRole,
  personFields,
  personInput,
  roleRule,
  toPersonColumns,
  type PersonColumns,
} from '@latchkey/shared';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { importHash } from '../passwords/import-hash.ts';
import { showEmail } from '../users/show-email.ts';
import { guardCell, readCell } from './csv-cells.ts';
import { OperatorError, UsageError } from './operator-error.ts';

/** A person as a file holds them: these columns of CSV, or keys of JSON. */
export type FilePerson = PersonColumns & {
  id?: string;
  passwordHash: string;
  roles: string[];
  roleEnds: Record<string, string>;
  disabledAt: Date | null;
  waitingSince: Date | null;
  createdAt?: Date;
};

/** One record of a file with the number of its line: a person, or what is wrong. */
export type FileRecord = { line: number; person: FilePerson } | { line: number; reasons: string[] };

export type FileFormat = 'csv' | 'jsonl';
export const columns = [
  'id',
  ...personFields,
  'passwordHash',
  'roles',
  'roleEnds',
  'disabledAt',
  'waitingSince',
  'createdAt',
] as const;

/** Tells the format by the file's name. */
export function chooseFormat(file: string): FileFormat {
  if (/\.csv$/i.test(file)) return 'csv';
  if (/\.(jsonl|ndjson)$/i.test(file)) return 'jsonl';
  throw new UsageError(`${file} must end in .csv or .jsonl.`);
}

const nothing = (value: unknown) => value === '' || value === null || value === undefined;
const optional = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((given) => (nothing(given) ? undefined : given), value.optional());
const time = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-21T10:46:00Z' })
  .transform((text) => new Date(text));

/** `gold=2026-12-31T00:00:00Z silver=…`: a cell of roles that end. */
const readPairs = (text: string) =>
  Object.fromEntries(
    text
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map((pair) => {
        const [role = '', end = ''] = pair.split(/=(.*)/s);
        return [role, end];
      }),
  );
const writePairs = (ends: Record<string, string>) =>
  Object.entries(ends)
    .map((pair) => pair.join('='))
    .join(' ');

const recordSchema = z.object({
  id: optional(
    z
      .string('must be a UUID')
      .transform(cleanIdentifier)
      .pipe(z.uuid('must be a UUID').toLowerCase()),
  ),
  ...personInput.shape,
  passwordHash: z.preprocess(
    (given) => given ?? '',
    z.string('must be text').transform((text, context) => {
      const imported = importHash(cleanIdentifier(text));
      if ('stored' in imported) return imported.stored;
      context.addIssue(imported.reason);
      return z.NEVER;
    }),
  ),
  roles: z.preprocess(
    (given) => (typeof given === 'string' ? given.split(/[\s,;]+/).filter(Boolean) : (given ?? [])),
    z.array(z.string().refine(isRole, roleRule), 'must be a list of roles'),
  ),
  roleEnds: z.preprocess(
    (given) => (typeof given === 'string' ? readPairs(given) : (given ?? {})),
    z.record(
      z.string().refine(isRole, roleRule),
      time.transform((end) => end.toISOString()),
      'must be roles with their ends, such as gold=2026-12-31T00:00:00Z',
    ),
  ),
  disabledAt: optional(time),
  waitingSince: optional(time),
  createdAt: optional(time),
});

/** `password_hash` and `Password Hash` are the column passwordHash. */
function normalizeKey(key: string): string {
  const plain = (text: string) =>
    cleanIdentifier(text)
      .replaceAll(/[\s_-]/g, '')
      .toLowerCase();
  return columns.find((column) => plain(column) === plain(key)) ?? key;
}

/** The known columns that are named more than once. */
const findTwice = (keys: string[]) =>
  columns.filter((column) => keys.filter((key) => key === column).length > 1);

function readRecord(line: number, given: unknown): FileRecord {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { line, reasons: ['this is not a JSON object'] };
  }
  const entries = Object.entries(given).map(([key, value]) => [
    normalizeKey(key),
    value as unknown,
  ]);
  const twice = findTwice(entries.map(([key]) => String(key)));
  if (twice.length > 0) return { line, reasons: [`${twice.join(', ')}: this is there twice`] };
  const parsed = recordSchema.safeParse(Object.fromEntries(entries));
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { line, reasons };
  }
  const { id, createdAt, disabledAt, waitingSince, roles, roleEnds, passwordHash, ...person } =
    parsed.data;
  return {
    line,
    person: {
      ...toPersonColumns(person),
      passwordHash,
      roles: [...new Set(roles)],
      roleEnds,
      disabledAt: disabledAt ?? null,
      waitingSince: waitingSince ?? null,
      ...(id !== undefined && { id }),
      ...(createdAt && { createdAt }),
    },
  };
}

function readJsonLines(text: string): FileRecord[] {
  return text.split('\n').flatMap((content, index): FileRecord[] => {
    if (content.trim() === '') return [];
    try {
      return [readRecord(index + 1, JSON.parse(content))];
    } catch {
      return [{ line: index + 1, reasons: ['this is not JSON'] }];
    }
  });
}

function readCsv(text: string): FileRecord[] {
  const rows = parseCsv(text.replace(/^sep=.\n/i, '\n'));
  const keys = rows.shift()?.record.map(normalizeKey) ?? [];
  const missing = (['name', 'email', 'passwordHash'] as const).filter((key) => !keys.includes(key));
  if (missing.length > 0) {
    throw new OperatorError(
      `The first line must name the columns. Missing: ${missing.join(', ')}. Possible columns: ${columns.join(', ')}.`,
    );
  }
  const twice = findTwice(keys);
  if (twice.length > 0) {
    throw new OperatorError(
      `The first line names the column ${twice.join(', ')} more than once. Nothing was imported. Take one of the two away.`,
    );
  }
  return rows.map(({ record, info: { lines } }) => {
    const line = lines - record.join('').split('\n').length + 1;
    if (record.length !== keys.length) {
      return { line, reasons: [`${record.length} columns instead of ${keys.length}`] };
    }
    return readRecord(
      line,
      Object.fromEntries(keys.map((key, index) => [key, readCell(record[index] ?? '')])),
    );
  });
}

/** A line of a CSV file with where it stands. */
type CsvLine = { record: string[]; info: { lines: number } };

/** Spreadsheets write what is usual where they are used. */
function findDelimiter(text: string): string {
  const [head = ''] = /^.*\w.*$/m.exec(text) ?? [];
  return [';', '\t'].find((mark) => head.includes(mark)) ?? ',';
}

function parseCsv(text: string): CsvLine[] {
  try {
    return parse(text, {
      delimiter: findDelimiter(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as CsvLine[]; // The types of csv-parse do not know what `info` changes.
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its message may repeat what stands there: a hash, perhaps.
    throw new OperatorError(
      `The file is not valid CSV. Line ${String(error['lines'])} has a quotation mark in the wrong place. Nothing was imported. Put text with a quotation mark in quotation marks, and double the mark.`,
    );
  }
}

/** Reads a file of people; what is wrong with a record stands beside its line. */
export async function readPeopleFile(file: string): Promise<FileRecord[]> {
  const format = chooseFormat(file);
  const bytes = await readFile(file).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`The file cannot be read: ${reason}. Nothing was imported.`);
  });
  const text = decode(bytes).replaceAll(/\r\n?/g, '\n');
  return format === 'csv' ? readCsv(text) : readJsonLines(text);
}

/** Without its byte order mark. Another encoding would spoil every name that is not plain ASCII. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new OperatorError(
      'The file is not in UTF-8. Nothing was imported. Save it as UTF-8; in Excel that is "CSV UTF-8".',
    );
  }
}

/** Writes people as a file that `readPeopleFile` reads, or as a part of one; the first has the heading. */
export function formatPeople(
  people: Required<FilePerson>[],
  format: FileFormat,
  isFirst: boolean,
): string {
  const records = people.map(({ disabledAt, waitingSince, createdAt, ...rest }) => ({
    ...rest,
    email: showEmail(rest.email),
    disabledAt: disabledAt?.toISOString() ?? null,
    waitingSince: waitingSince?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }));
  if (format === 'jsonl') return records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const rows = records.map((record) => ({
    ...record,
    roles: record.roles.join(' '),
    roleEnds: writePairs(record.roleEnds),
  }));
  return stringify(rows, { header: isFirst, columns: [...columns], cast: { string: guardCell } });
}
