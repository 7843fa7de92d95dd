import { randomBytes } from 'node:crypto';
import type { Settings } from '../settings/settings.ts';
import { formatPhcString, KEY_BYTES, SALT_BYTES } from './phc-string.ts';

/**
 * A hash that no password is known for: its key was drawn, and not derived. To try a password against
 * it takes the work of the current cost, as with any other account.
 */
export function makeUnmatchedHash({ log2N, r, p }: Settings['password']): string {
  const salt = randomBytes(SALT_BYTES);
  return formatPhcString({ cost: { log2N, r, p }, salt, key: randomBytes(KEY_BYTES) });
}
