import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import bcrypt from 'bcryptjs';
import deriveKey, { type ScryptEngine } from './derive-key.ts';
import type { ForeignHash } from './foreign-hash.ts';
import { KEY_BYTES, SALT_BYTES, type ScryptCost, type ScryptHash } from './phc-string.ts';

export type VerifyPasswordTask = {
  engine: ScryptEngine;
  password: string;
  /** What the password is compared with; null where there is no account. */
  hash: StoredHash | null;
  /** The cost of one hash of our own. */
  cost: ScryptCost;
  /** False where the right password opens nothing either, as for a disabled account. */
  mayOpen: boolean;
  /** Processor time that a failure takes at least, in milliseconds. */
  failureMs: number;
};
export type StoredHash = ({ scheme: 'scrypt' } & ScryptHash) | ForeignHash;
/** `workMs` is the processor time of the comparison alone. */
export type VerifiedPassword = { isMatch: boolean; workMs: number };

/** Takes a millisecond or less, so a failure ends close to its time. */
const SLICE_COST = { log2N: 8, r: 8, p: 1 };

/**
 * Compares a password with a stored hash. It blocks its thread, like `deriveKey`.
 *
 * A failure goes on with slices of scrypt until it has used its processor time: a sooner answer would
 * tell that the account exists, and where it came from. Time of the processor and not of the clock:
 * who keeps the machine busy meanwhile makes all answers wait alike.
 */
export default function verifyPassword(task: VerifyPasswordTask): VerifiedPassword {
  const startMs = readProcessorMs();
  const isMatch = compare(task);
  const workMs = readProcessorMs() - startMs;
  if (!isMatch || !task.mayOpen) {
    while (readProcessorMs() - startMs < task.failureMs) workSlice(task);
  }
  return { isMatch, workMs };
}

/** What this thread has used of the processor. */
function readProcessorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function workSlice({ engine, password }: VerifyPasswordTask): void {
  const salt = new Uint8Array(SALT_BYTES);
  deriveKey({ engine, password, salt, cost: SLICE_COST, keyLength: KEY_BYTES });
}

function compare({ engine, password, hash, cost }: VerifyPasswordTask): boolean {
  if (hash?.scheme === 'bcrypt') return bcrypt.compareSync(password, hash.text);
  if (hash?.scheme === 'pbkdf2') {
    const { salt, iterations, key, digest } = hash;
    return timingSafeEqual(pbkdf2Sync(password, salt, iterations, key.length, digest), key);
  }
  const scrypt = hash ?? {
    cost,
    salt: new Uint8Array(SALT_BYTES),
    key: new Uint8Array(KEY_BYTES),
  };
  const normalized = password.normalize('NFC');
  const keyLength = scrypt.key.length;
  const derived = deriveKey({ engine, password: normalized, ...scrypt, keyLength });
  return timingSafeEqual(derived, scrypt.key) && hash !== null;
}
