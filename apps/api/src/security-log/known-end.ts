import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDatabaseUrl } from '@latchkey/db';
import type { Settings } from '../settings/settings.ts';
import type { LogPlace } from './chain.ts';

/** Those that were noted last. */
const MOST_DATABASES = 20;

type Place = Pick<Settings, 'dataDir' | 'databaseUrl'>;

/** An end as people note it: `ROW:HASH`. Null where the text is none. */
export function parseEnd(text: string): LogPlace | null {
  const [, id, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return id === undefined ? null : { id: Number(id), hash };
}

export const formatEnd = ({ id, hash }: LogPlace): string => `${id}:${hash}`;

/** Beside the database, and not in it: who can write there alone cannot change it. */
export const knownEndFile = ({ dataDir }: Place): string =>
  path.join(dataDir, 'security-log-ends.json');

const nameDatabase = ({ databaseUrl }: Place) => parseDatabaseUrl(databaseUrl).label;

async function readAll(place: Place): Promise<Record<string, string>> {
  const text = await readFile(knownEndFile(place), 'utf8').catch(() => '{}');
  try {
    const ends: unknown = JSON.parse(text);
    return typeof ends === 'object' && ends !== null ? (ends as Record<string, string>) : {};
  } catch {
    return {};
  }
}

/** The end that a server of this machine noted last of this database. */
export async function readKnownEnd(place: Place): Promise<LogPlace | null> {
  return parseEnd((await readAll(place))[nameDatabase(place)] ?? '');
}

/** Notes an end. */
export async function noteEnd(place: Place, end: LogPlace): Promise<void> {
  const name = nameDatabase(place);
  const { [name]: _former, ...others } = await readAll(place);
  const kept = Object.entries(others).slice(1 - MOST_DATABASES);
  await writeAll(place, { ...Object.fromEntries(kept), [name]: formatEnd(end) });
}

/** For a log that another has taken the place of. */
export async function forgetKnownEnd(place: Place): Promise<void> {
  const { [nameDatabase(place)]: known, ...others } = await readAll(place);
  if (known !== undefined) await writeAll(place, others);
}

async function writeAll(place: Place, ends: Record<string, string>): Promise<void> {
  const file = knownEndFile(place);
  const partial = `${file}.${randomBytes(6).toString('hex')}.partial`;
  await mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  try {
    await writeFile(partial, `${JSON.stringify(ends, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
}
