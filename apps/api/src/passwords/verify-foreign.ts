import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import bcrypt from 'bcryptjs';
import deriveKey, { type ScryptEngine } from './derive-key.ts';
import type { ForeignHash } from './foreign-hash.ts';
import type { ScryptCost } from './phc-string.ts';

export type VerifyForeignTask = {
  engine: ScryptEngine;
  password: string;
  hash: ForeignHash;
  /** The cost of one hash of our own. */
  cost: ScryptCost;
};

const LOG2_SLICES = 3;
const SLICES = 2 ** LOG2_SLICES;

/**
 * Compares a password, byte for byte as it was typed, with the hash of another program. It blocks
 * its thread, like `deriveKey`.
 *
 * A failure goes on with scrypt, in slices, until it has taken about the time of one hash of our
 * own: a sooner answer would tell that the account exists, and where it came from.
 */
export default function verifyForeign({ engine, password, hash, cost }: VerifyForeignTask) {
  const startedAt = performance.now();
  const isMatch = compare(password, hash);
  if (isMatch) return true;
  const foreignMs = performance.now() - startedAt;
  const workSlice = () => {
    const slice = { ...cost, log2N: cost.log2N - LOG2_SLICES };
    deriveKey({ engine, password, salt: new Uint8Array(16), cost: slice, keyLength: 32 });
  };
  const sliceStartedAt = performance.now();
  workSlice();
  const sliceMs = performance.now() - sliceStartedAt;
  const missing = Math.round(SLICES - foreignMs / sliceMs) - 1;
  for (let done = 0; done < missing; done += 1) workSlice();
  return false;
}

function compare(password: string, hash: ForeignHash): boolean {
  if (hash.scheme === 'bcrypt') return bcrypt.compareSync(password, hash.text);
  const { salt, iterations, key, digest } = hash;
  return timingSafeEqual(pbkdf2Sync(password, salt, iterations, key.length, digest), key);
}
