/**
 * Asks a service of Have I Been Pwned's kind whether a password is among the stolen ones. It hears the
 * first 5 of 40 hexadecimal digits of the password's SHA-1, which hundreds of passwords share, and answers
 * with the rest of each of them. Nobody waits for it longer than a second, and where it is away or its
 * answer is none, the password is taken: a service of others decides on no registration.
 *
 * @see https://haveibeenpwned.com/API/v3#PwnedPasswords
 * @see docs/decisions/0066-stolen-passwords.md
 */
import { createHash } from 'node:crypto';
import type { Log } from '../process/log.ts';
import type { Settings } from '../settings/settings.ts';

/** Whether a password is known to be stolen. It never throws. */
export type BreachCheck = (password: string) => Promise<boolean>;

const PREFIX_LENGTH = 5;
const PATIENCE_MS = 1000;
/** Several times what the service sends. */
const MOST_BYTES = 512 * 1024;
const line = /^([\dA-F]{35}):(\d{1,10})$/;

export function createBreachCheck(
  { breachService }: Pick<Settings, 'breachService'>,
  log: Pick<Log, 'warn'>,
): BreachCheck {
  if (breachService === undefined) return () => Promise.resolve(false);
  return async (password) => {
    const digest = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
    const prefix = digest.slice(0, PREFIX_LENGTH);
    try {
      const suffixes = readSuffixes(await askForRange(`${breachService}/range/${prefix}`));
      return suffixes.has(digest.slice(PREFIX_LENGTH));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ reason }, 'A new password could not be looked up among the stolen ones.');
      return false;
    }
  };
}

async function askForRange(address: string): Promise<string> {
  const answer = await fetch(address, {
    // Other passwords of no person are mixed in, so that the size of the answer tells nothing either.
    headers: { 'add-padding': 'true', 'user-agent': 'Latchkey' },
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new Error(`The service answered ${answer.status}.`);
  }
  return readText(answer);
}

/** At most so much: whatever sends more is not the service. */
async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const parts: AsyncIterable<Uint8Array> | [] = body ?? []; // The types of streams leave it open.
  for await (const chunk of parts) {
    length += chunk.length;
    // Leaving the loop ends the answer.
    if (length > MOST_BYTES) throw new Error('The service sent too much.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** What stands in an answer with a count; padding has 0. Throws where a line is none. */
function readSuffixes(text: string): Set<string> {
  const suffixes = new Set<string>();
  for (const row of text.split(/\r?\n/)) {
    if (row === '') continue;
    const [, suffix, count] = line.exec(row.toUpperCase()) ?? [];
    if (suffix === undefined) throw new Error('The service sent something else than a range.');
    if (Number(count) > 0) suffixes.add(suffix);
  }
  return suffixes;
}
