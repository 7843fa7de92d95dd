import { randomBytes } from 'node:crypto';
import type { Settings } from '../settings/settings.ts';
import { formatPhcString, KEY_BYTES, parsePhcString, SALT_BYTES } from './phc-string.ts';

/** No salt that was drawn is this one. It tells that there is no password, and nothing else. */
const noSalt = Buffer.alloc(SALT_BYTES);

/**
 * A hash that no password is known for: its key was drawn, and not derived. To try a password against
 * it takes the work of the current cost, as with any other account.
 */
export function makeUnmatchedHash({ log2N, r, p }: Settings['password']): string {
  return formatPhcString({ cost: { log2N, r, p }, salt: noSalt, key: randomBytes(KEY_BYTES) });
}

/** Whether a hash was made so: its person has no password. */
export function isUnmatchedHash(passwordHash: string): boolean {
  const parsed = parsePhcString(passwordHash);
  return parsed !== null && noSalt.equals(parsed.salt);
}
