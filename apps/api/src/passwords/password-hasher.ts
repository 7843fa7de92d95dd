import { randomBytes, scryptSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Settings } from '../settings/settings.ts';
import type { DeriveKeyTask, ScryptEngine } from './derive-key.ts';
import { FailureWork } from './failure-work.ts';
import { formatPhcString, KEY_BYTES, SALT_BYTES, type ScryptCost } from './phc-string.ts';
import { describeKind, isReplaceable, parseStoredHash } from './stored-hash.ts';
import type { StoredHash, VerifiedPassword, VerifyPasswordTask } from './verify-password.ts';

const fileBeside = (name: string) => fileURLToPath(new URL(name, import.meta.url));

type Verification = { isMatch: boolean; needsRehash: boolean };

/** Hashes and verifies passwords off the event loop, a bounded number at once. */
export type PasswordHasher = {
  engine: ScryptEngine;
  /** A PHC string with the current cost. Throws `QueueFullError` under overload. */
  hash(password: string): Promise<string>;
  /**
   * Compares a password with a stored hash (a PHC string of scrypt, or one of another program that was
   * imported), or with nothing when there is no such account.
   * Either way, and whatever kind and cost is stored, a failure takes the same processor time.
   * Throws `QueueFullError` under overload.
   *
   * @param options.mayOpen false where the right password opens nothing, which must not show either
   */
  verify(
    password: string,
    stored: string | null,
    options?: { mayOpen?: boolean },
  ): Promise<Verification>;
  /** Learns what a hash costs here, once. Every failure needs it; the first verification waits for it. */
  measure(): Promise<void>;
  /** How many passwords are worked on at this moment, and how many wait. */
  countWork(): { running: number; waiting: number };
  close(): Promise<void>;
};

/** More passwords wait than the queue holds: the caller is told to come back later. */
export class QueueFullError extends Error {
  constructor() {
    super('The password queue is full: too many log-ins and registrations at once.');
    this.name = 'QueueFullError';
  }
}

/** Node's own scrypt where the runtime has it (OpenSSL in FIPS mode has not), else scrypt-js. */
export function chooseEngine(wanted: Settings['password']['engine']): ScryptEngine {
  if (wanted !== 'auto') return wanted;
  try {
    scryptSync('probe', 'salt', KEY_BYTES, { N: 2 });
    return 'native';
  } catch {
    return 'scrypt-js';
  }
}

/** The threads in which passwords are hashed, and the queue before them. */
export function openHashThreads({ concurrency, queueLength }: Settings['password']) {
  return new Piscina<DeriveKeyTask | VerifyPasswordTask>({
    filename: fileBeside('derive-key.ts'),
    minThreads: 0,
    maxThreads: concurrency,
    maxQueue: queueLength,
    idleTimeout: 60_000,
    // The event loop's thread goes before these: requests that hash nothing stay quick under load.
    niceIncrement: 10,
  });
}

/** @param pool threads of the hasher's own, unless several hashers share them; `close` ends them */
export function createPasswordHasher(
  settings: Settings['password'],
  pool = openHashThreads(settings),
): PasswordHasher {
  const { log2N, r, p, queueLength } = settings;
  const engine = chooseEngine(settings.engine);
  const currentCost: ScryptCost = { log2N, r, p };
  const failureWork = new FailureWork();
  let underWay = 0;
  const runTask = async (...task: Parameters<typeof pool.run>): Promise<unknown> => {
    // Piscina counts running tasks apart; it throws a plain error when the queue is full.
    if (pool.queueSize >= queueLength) throw new QueueFullError();
    underWay += 1;
    try {
      return (await pool.run(...task)) as unknown;
    } finally {
      underWay -= 1;
    }
  };

  const compare = async (password: string, hash: StoredHash | null, mayOpen: boolean) => {
    const { failureMs } = failureWork;
    const task: VerifyPasswordTask = {
      engine,
      password,
      hash,
      cost: currentCost,
      mayOpen,
      failureMs,
    };
    const filename = fileBeside('verify-password.ts');
    const { isMatch, workMs } = (await runTask(task, { filename })) as VerifiedPassword;
    failureWork.note(describeKind(hash ?? { scheme: 'scrypt', cost: currentCost }), workMs);
    return isMatch;
  };

  let measured: Promise<unknown> | undefined;
  const measure = async () => {
    measured ??= compare('', null, false);
    await measured.catch((error: unknown) => {
      measured = undefined;
      throw error;
    });
  };

  return {
    engine,
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const task: DeriveKeyTask = {
        engine,
        password: password.normalize('NFC'),
        salt,
        cost: currentCost,
        keyLength: KEY_BYTES,
      };
      const key = (await runTask(task)) as Uint8Array;
      return formatPhcString({ cost: currentCost, salt, key });
    },
    async verify(password, stored, { mayOpen = true } = {}) {
      await measure();
      const hash = stored === null ? null : parseStoredHash(stored);
      const isMatch = await compare(password, hash, mayOpen);
      const needsRehash = isMatch && hash !== null && isReplaceable(hash, password, currentCost);
      return { isMatch, needsRehash };
    },
    measure,
    countWork: () => ({ running: underWay - pool.queueSize, waiting: pool.queueSize }),
    close: () => pool.close({ force: true }),
  };
}
