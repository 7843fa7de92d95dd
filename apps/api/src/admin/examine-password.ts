import os from 'node:os';
import { createPasswordHasher } from '../passwords/password-hasher.ts';
import { countBlocks } from '../passwords/phc-string.ts';
import type { Settings } from '../settings/settings.ts';
import { ok, warning, type Finding } from './finding.ts';

const MIB = 1024 * 1024;
const LONGEST_MS = 2000;
/** OWASP's cheapest: N=2^13, r=8, p=10. */
const LEAST_BLOCKS = countBlocks({ log2N: 13, r: 8, p: 10 });

/** Time and memory of one hash on this machine, and of as many as may run at once. */
export async function examinePassword({ password }: Settings): Promise<Finding[]> {
  const { log2N, r, concurrency } = password;
  const hasher = createPasswordHasher(password);
  // The first one starts the thread.
  await hasher.verify('probe', '$2b$04$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.');
  const startedAt = performance.now();
  await hasher.hash('probe');
  const milliseconds = Math.round(performance.now() - startedAt);
  await hasher.close();

  const each = (128 * r * 2 ** log2N) / MIB;
  const memory = Math.min(os.totalmem(), process.constrainedMemory() || Infinity) / MIB;
  const detail = `one hash takes ${milliseconds} ms and ${each} MiB (${hasher.engine}); ${concurrency} at once, ${each * concurrency} MiB of ${Math.round(memory)}`;
  if (countBlocks(password) < LEAST_BLOCKS) {
    const advice =
      'This is below the OWASP minimum, so stolen hashes are easier to guess. Remove the PASSWORD_SCRYPT_ settings, or see .env.example for a small host.';
    return [warning('password hash', detail, advice)];
  }
  if (each * concurrency > memory / 2) {
    const advice = 'Together they use more than half of the memory. Lower PASSWORD_CONCURRENCY.';
    return [warning('password hash', detail, advice)];
  }
  if (milliseconds > LONGEST_MS) {
    const advice =
      'People wait this long at each log-in. On a small host, set PASSWORD_SCRYPT_LOG2N=15 and PASSWORD_SCRYPT_P=3.';
    return [warning('password hash', detail, advice)];
  }
  return [ok('password hash', detail)];
}
