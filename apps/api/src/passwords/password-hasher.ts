import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Settings } from '../settings.ts';
import type { DeriveKeyTask, ScryptEngine } from './derive-key.ts';
import { parseForeignHash } from './foreign-hash.ts';
import {
  countBlocks,
  formatPhcString,
  KEY_BYTES,
  parsePhcString,
  SALT_BYTES,
  type ScryptCost,
} from './phc-string.ts';
import type { VerifyForeignTask } from './verify-foreign.ts';

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
   * Either way, and whatever cost is stored, a failure takes the work of one hash of the current cost.
   * Throws `QueueFullError` under overload.
   */
  verify(password: string, stored: string | null): Promise<Verification>;
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

export function createPasswordHasher(settings: Settings['password']): PasswordHasher {
  const { log2N, r, p, concurrency, queueLength } = settings;
  const engine = chooseEngine(settings.engine);
  const currentCost: ScryptCost = { log2N, r, p };
  const pool = new Piscina<DeriveKeyTask | VerifyForeignTask>({
    filename: fileBeside('derive-key.ts'),
    minThreads: 0,
    maxThreads: concurrency,
    maxQueue: queueLength,
    idleTimeout: 60_000,
    // The event loop's thread goes before these: requests that hash nothing stay quick under load.
    niceIncrement: 10,
  });

  let underWay = 0;
  const run = async (...task: Parameters<typeof pool.run>): Promise<unknown> => {
    underWay += 1;
    try {
      return (await pool.run(...task)) as unknown;
    } finally {
      underWay -= 1;
    }
  };

  const refuseWhenFull = () => {
    // Piscina counts running tasks apart; it throws a plain error when the queue is full.
    if (pool.queueSize >= queueLength) throw new QueueFullError();
  };

  const derive = async (
    password: string,
    salt: Uint8Array,
    cost: ScryptCost,
    keyLength: number,
  ): Promise<Uint8Array> => {
    refuseWhenFull();
    const task: DeriveKeyTask = {
      engine,
      password: password.normalize('NFC'),
      salt,
      cost,
      keyLength,
    };
    return (await run(task)) as Uint8Array;
  };

  const verifyForeign = async (
    password: string,
    hash: VerifyForeignTask['hash'],
  ): Promise<Verification> => {
    refuseWhenFull();
    const task: VerifyForeignTask = { engine, password, hash, cost: currentCost };
    const isMatch = (await run(task, {
      filename: fileBeside('verify-foreign.ts'),
    })) as boolean;
    return { isMatch, needsRehash: isMatch };
  };

  return {
    engine,
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const key = await derive(password, salt, currentCost, KEY_BYTES);
      return formatPhcString({ cost: currentCost, salt, key });
    },
    async verify(password, stored) {
      const foreign = stored === null ? null : parseForeignHash(stored);
      if (foreign) return verifyForeign(password, foreign);
      const hash = stored === null ? null : parsePhcString(stored);
      if (!hash) {
        await derive(password, randomBytes(SALT_BYTES), currentCost, KEY_BYTES);
        return { isMatch: false, needsRehash: false };
      }
      const { cost, salt, key } = hash;
      const isMatch = timingSafeEqual(await derive(password, salt, cost, key.length), key);
      const missingBlocks = countBlocks(currentCost) - countBlocks(cost);
      const missingRounds = Math.round(missingBlocks / countBlocks({ ...cost, p: 1 }));
      if (!isMatch && missingRounds > 0) {
        // A hash with an old, smaller cost would answer sooner and so tell that the account exists.
        await derive(password, salt, { ...cost, p: missingRounds }, key.length);
      }
      return { isMatch, needsRehash: isMatch && missingBlocks > 0 };
    },
    countWork: () => ({ running: underWay - pool.queueSize, waiting: pool.queueSize }),
    close: () => pool.close({ force: true }),
  };
}
