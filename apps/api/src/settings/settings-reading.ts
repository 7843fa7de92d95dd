import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const MOST_BYTES = 64 * 1024;

type Reading = { text: string; fault?: undefined } | { text?: undefined; fault: string };

/**
 * The text of a file of settings, or in a sentence why it cannot be read. A missing file is empty text,
 * unless `mustBeThere`.
 */
export function readSettingsFile(file: string, { mustBeThere = false } = {}): Reading {
  try {
    return decode(readBounded(file));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException; // What the file system fails with.
    if (code === 'ENOENT' && !mustBeThere && !isThere(file)) return { text: '' };
    return { fault: causes[code] ?? `cannot be read (${code || String(error)}).` };
  }
}

const causes: Record<string, string> = {
  ENOENT: 'is missing, or a link that leads nowhere. Write the file, or remove the link.',
  EISDIR: 'is a folder. Remove it, and write the settings into a file of that name.',
  EACCES: 'may not be read by this user. Give it to the user who runs Latchkey.',
  EPERM: 'may not be read by this user. Give it to the user who runs Latchkey.',
  ELOOP: 'is a link that leads back to itself. Write a file in its place.',
};

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function readBounded(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function decode(bytes: Buffer): Reading {
  if (bytes.length > MOST_BYTES)
    return { fault: 'has more than 64 KiB. Settings take a few lines.' };
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff' || bytes.includes(0)) {
    return { fault: 'is saved as UTF-16 or holds NUL bytes. Save it as plain text in UTF-8.' };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { fault: 'has letters that are not UTF-8. Save it as plain text in UTF-8.' };
  }
}

/** Files beside `.env` whose names say that somebody expects them to be read, such as `.env.local`. */
export function listUnreadFiles(file: string): string[] {
  const harmless = /\.(example|sample|template|dist|bak|old|orig|swp)$|~$/i;
  try {
    return readdirSync(dirname(file)).filter(
      (name) =>
        /^(\.?env|_env)(\.[\w.-]+)?~?$/i.test(name) &&
        name !== basename(file) &&
        !harmless.test(name),
    );
  } catch {
    return [];
  }
}
