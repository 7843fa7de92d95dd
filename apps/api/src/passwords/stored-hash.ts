import { fitsAlone, parseForeignHash } from './foreign-hash.ts';
import { countBlocks, parsePhcString, type ScryptCost } from './phc-string.ts';
import type { StoredHash } from './verify-password.ts';

/** Reads what stands in the database, or gives null when no password can match it. */
export function parseStoredHash(stored: string): StoredHash | null {
  const scrypt = parsePhcString(stored);
  return scrypt ? { scheme: 'scrypt', ...scrypt } : parseForeignHash(stored);
}

type Kind = { scheme: 'scrypt'; cost: ScryptCost } | StoredHash;

/** Scheme and cost of a hash: all that its time depends on. */
export function describeKind(hash: Kind): string {
  switch (hash.scheme) {
    case 'scrypt':
      return `scrypt ln=${hash.cost.log2N},r=${hash.cost.r},p=${hash.cost.p}`;
    case 'bcrypt':
      return `bcrypt cost=${hash.cost}`;
    case 'pbkdf2':
      return `pbkdf2-${hash.digest} i=${hash.iterations}`;
  }
}

/** What a stored hash was made with, in a word or two for the operator. */
export function describeHash(stored: string): string {
  const hash = parseStoredHash(stored);
  return hash ? describeKind(hash) : 'unknown';
}

/** Whether a hash that a password matches is to be replaced by one of our own at the current cost. */
export function isReplaceable(hash: StoredHash, password: string, current: ScryptCost): boolean {
  if (hash.scheme !== 'scrypt') return fitsAlone(hash, password);
  return countBlocks(hash.cost) < countBlocks(current);
}
