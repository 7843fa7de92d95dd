/**
 * How guessing of passwords is slowed down.
 *
 * By address: 30 log-ins and 10 failures a minute. By account: five failures in five minutes, then
 * one try after each wait, and the waits double from 30 seconds to an hour. What was typed counts in
 * the same way where there is no such account: one name's wait tells nothing, though two names that
 * wait together are of one account (record 8).
 *
 * A browser that has logged in to the account before has limits of its own, the same ones: its
 * failures and those of strangers do not meet (`sessions/known-device.ts`).
 *
 * Points are taken before the password is looked at and given back on success, so that many guesses
 * at once count as many, and many log-ins at once wait for each other rather than be refused. A wait
 * stops log-ins alone: nobody can end another's sessions with it.
 */
import { createHash } from 'node:crypto';
import type { Database, User } from '@latchkey/db';
import { getAddressKey } from '../addresses/address-key.ts';
import { createLimiter, isSpent, takePoints, type Allowance } from './limiter.ts';
import { OpenAttempts } from './open-attempts.ts';

const FAILURES = 5;
const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;
const FIRST_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 3600;

export type LoginAttempt = {
  address: string;
  /** What the limit of the account counts by. */
  identifier: string;
  /** Whether the browser has logged in to the account before: then it has limits of its own. */
  isKnown: boolean;
};
export type LoginAllowance = Allowance & {
  /** Points of the account that the attempt took. */
  points: number;
};

/**
 * What log-ins to an account count by, whichever of its names is typed. The line feed keeps it apart
 * from all that can be typed.
 *
 * @param device the id under which a browser is known to the account: its log-ins count apart
 */
export const nameLogins = ({ id }: Pick<User, 'id'>, device: string | null = null): string =>
  device === null ? `\n${id}` : `\n${id}\n${device}`;

/** Known browsers of an address have its limits to themselves: a stranger there cannot use them up. */
const nameAddress = ({ address, isKnown }: Pick<LoginAttempt, 'address' | 'isKnown'>): string =>
  isKnown ? `known ${getAddressKey(address)}` : getAddressKey(address);

export function createLoginLimits(database: Database) {
  const perAddress = createLimiter(database, {
    keyPrefix: 'login-address',
    points: 30,
    durationSeconds: MINUTE_SECONDS,
  });
  const failuresPerAddress = createLimiter(database, {
    keyPrefix: 'login-failures-address',
    points: 10,
    durationSeconds: MINUTE_SECONDS,
  });
  const failuresPerAccount = createLimiter(database, {
    keyPrefix: 'login-failures-account',
    points: FAILURES,
    durationSeconds: 5 * MINUTE_SECONDS,
  });
  const waitsPerAccount = createLimiter(database, {
    keyPrefix: 'login-waits-account',
    points: Number.MAX_SAFE_INTEGER,
    durationSeconds: DAY_SECONDS,
  });

  const openAtAddress = new OpenAttempts();
  const openAtAccount = new OpenAttempts();

  /** Once a wait has begun, one attempt takes all points. */
  const pricePerAccount = async (account: string) =>
    (await waitsPerAccount.get(account)) === null ? 1 : FAILURES;

  function takeFromAddress(addressKey: string): Promise<Allowance> {
    return openAtAddress.begin(
      addressKey,
      () => isSpent(failuresPerAddress, addressKey),
      () => takePoints(failuresPerAddress, addressKey),
    );
  }

  function takeFromAccount(account: string): Promise<LoginAllowance> {
    return openAtAccount.begin(
      account,
      async () => isSpent(failuresPerAccount, account, await pricePerAccount(account)),
      async () => {
        const points = await pricePerAccount(account);
        return { ...(await takePoints(failuresPerAccount, account, points)), points };
      },
    );
  }

  async function resetFailures(identifier: string): Promise<void> {
    const account = hashIdentifier(identifier);
    await failuresPerAccount.delete(account);
    await waitsPerAccount.delete(account);
  }

  return {
    /** Counts an attempt before it is made. When it is allowed, `end` must follow. */
    async begin(attempt: LoginAttempt): Promise<LoginAllowance> {
      const addressKey = nameAddress(attempt);
      const byAddress = await takePoints(perAddress, addressKey);
      if (!byAddress.isAllowed) return { ...byAddress, points: 0 };
      const byFailures = await takeFromAddress(addressKey);
      if (!byFailures.isAllowed) return { ...byFailures, points: 0 };
      try {
        const byAccount = await takeFromAccount(hashIdentifier(attempt.identifier));
        if (byAccount.isAllowed) return byAccount;
        await failuresPerAddress.reward(addressKey, 1);
        openAtAddress.end(addressKey);
        return byAccount;
      } catch (error) {
        openAtAddress.end(addressKey);
        throw error;
      }
    },

    /** Lets those go on who wait for the outcome of this attempt, which is counted by now. */
    end(attempt: LoginAttempt): void {
      openAtAddress.end(nameAddress(attempt));
      openAtAccount.end(hashIdentifier(attempt.identifier));
    },

    /** Gives back what a successful attempt took; the address's own count of log-ins stays. */
    async succeed(attempt: LoginAttempt): Promise<void> {
      await failuresPerAddress.reward(nameAddress(attempt), 1);
      await resetFailures(attempt.identifier);
      // The browser is known from now on, and this log-in is one of its thirty a minute.
      if (!attempt.isKnown) await perAddress.penalty(nameAddress({ ...attempt, isKnown: true }), 1);
    },

    /** Lifts an account's wait, for a person who has shown in another way who they are. */
    resetFailures,

    /** Gives back what was taken for an attempt whose password was never looked at. */
    async abandon(attempt: LoginAttempt, points: number): Promise<void> {
      const addressKey = nameAddress(attempt);
      await perAddress.reward(addressKey, 1);
      await failuresPerAddress.reward(addressKey, 1);
      await failuresPerAccount.reward(hashIdentifier(attempt.identifier), points);
    },

    /** After a failure that took the account's last point, the next wait begins. Its length in seconds. */
    async startWait({ identifier }: LoginAttempt): Promise<number> {
      const account = hashIdentifier(identifier);
      const { consumedPoints } = await waitsPerAccount.penalty(account, 1);
      const doubled = FIRST_WAIT_SECONDS * 2 ** Math.min(consumedPoints - 1, 16);
      const waitSeconds = Math.min(doubled, LONGEST_WAIT_SECONDS);
      await failuresPerAccount.block(account, waitSeconds);
      return waitSeconds;
    },
  };
}

export type LoginLimits = ReturnType<typeof createLoginLimits>;

// What people type here is now and then their password, so it is kept as a hash alone.
function hashIdentifier(identifier: string): string {
  return createHash('sha256').update(identifier.toLowerCase()).digest('base64url');
}
