import os from 'node:os';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { countBlocks } from '../passwords/phc-string.ts';
import type { Settings } from '../settings/settings.ts';
import { ok, warning, type Finding } from './finding.ts';

const MIB = 1024 * 1024;
const LONGEST_MS = 2000;
/** OWASP's cheapest: N=2^13, r=8, p=10. */
const LEAST_BLOCKS = countBlocks({ log2N: 13, r: 8, p: 10 });

type Hasher = Pick<PasswordHasher, 'engine' | 'hash' | 'countWork'>;

/** How long a hash takes, or null while people log in: they come first. */
async function measureHash(hasher: Hasher): Promise<number | null> {
  const { running, waiting } = hasher.countWork();
  if (running + waiting > 0) return null;
  // The first one starts the thread.
  await hasher.hash('probe');
  const startedAt = performance.now();
  await hasher.hash('probe');
  return Math.round(performance.now() - startedAt);
}

/**
 * Time and memory of one hash on this machine, and of as many as may run at once.
 *
 * @param hasher whose queue it goes through
 */
export async function examinePassword(
  { password }: Pick<Settings, 'password'>,
  hasher: Hasher,
): Promise<Finding[]> {
  const { log2N, r, concurrency } = password;
  const milliseconds = await measureHash(hasher);
  const each = (128 * r * 2 ** log2N) / MIB;
  const memory = Math.min(os.totalmem(), process.constrainedMemory() || Infinity) / MIB;
  const time = milliseconds === null ? '' : `${milliseconds} ms and `;
  const detail = `one hash takes ${time}${each} MiB (${hasher.engine}); ${concurrency} at once, ${each * concurrency} MiB of ${Math.round(memory)}`;
  if (countBlocks(password) < LEAST_BLOCKS) {
    const advice =
      'This is below the OWASP minimum, so stolen hashes are easier to guess. Remove the PASSWORD_SCRYPT_ settings, or see .env.example for a small host.';
    return [warning('password hash', detail, advice)];
  }
  if (each * concurrency > memory / 2) {
    const advice = 'Together they use more than half of the memory. Lower PASSWORD_CONCURRENCY.';
    return [warning('password hash', detail, advice)];
  }
  if (milliseconds !== null && milliseconds > LONGEST_MS) {
    const advice =
      'People wait this long at each log-in. On a small host, set PASSWORD_SCRYPT_LOG2N=15 and PASSWORD_SCRYPT_P=3.';
    return [warning('password hash', detail, advice)];
  }
  return [ok('password hash', detail)];
}
