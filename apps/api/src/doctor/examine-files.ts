import { access, constants, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { parseDatabaseUrl } from '@latchkey/db';
import { openFactorKeys } from '../second-factors/factor-keys.ts';
import { findSettingsFile, type Settings } from '../settings/settings.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const OTHERS = 0o077;
const LOW_FREE_BYTES = 500 * 1024 * 1024;
/** Less than a few registrations and their log take. */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;

/** A file or folder that holds secrets: there, this user's to write, and nobody else's to read. */
async function examineRights(name: string, mode: string): Promise<Finding[]> {
  const found = await stat(name).catch(() => null);
  if (!found) return [];
  try {
    await access(name, constants.R_OK | constants.W_OK);
  } catch {
    const advice = `Run as the user of the server, or give it to this one: chown ${process.getuid?.() ?? 'USER'} '${name}'`;
    return [problem('file rights', `this user cannot read and write ${name}`, advice)];
  }
  if ((found.mode & OTHERS) === 0) return [ok('file rights', `only the owner can use ${name}`)];
  const given = (found.mode & 0o777).toString(8);
  const detail = `${name} has mode ${given}: others on this machine can use it`;
  return [problem('file rights', detail, `chmod ${mode} '${name}'`)];
}

async function examineSpace(folder: string): Promise<Finding[]> {
  const found = await statfs(folder).catch(() => null);
  if (!found) return [];
  const free = found.bavail * found.bsize;
  const detail = `${Math.round(free / 1024 / 1024)} MiB free in ${folder}`;
  const advice = 'The database cannot grow when the disk is full. Free some space.';
  if (free < LEAST_FREE_BYTES) return [problem('disk', detail, advice)];
  return [free < LOW_FREE_BYTES ? warning('disk', detail, advice) : ok('disk', detail)];
}

/** The rights of what holds secrets, and the room on its disk. */
export async function examineFiles({ dataDir, databaseUrl }: Settings): Promise<Finding[]> {
  const location = parseDatabaseUrl(databaseUrl);
  const database = location.dialect === 'sqlite' ? location.filePath : null;
  const settingsFile = findSettingsFile();
  const files = database ? [database, `${database}-wal`, `${database}-shm`] : [];
  const checks = [
    examineRights(dataDir, '700'),
    ...files.map((file) => examineRights(file, '600')),
    ...(settingsFile ? [examineRights(settingsFile, '600')] : []),
    examineRights(openFactorKeys(dataDir).path, '600'),
    examineSpace(database ? path.dirname(database) : dataDir),
  ];
  return (await Promise.all(checks)).flat();
}
