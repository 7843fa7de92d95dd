/**
 * How guessing of passwords is slowed down.
 *
 * By address: 30 log-ins and 10 failures a minute. By account: five failures in five minutes, then
 * one try after each wait, and the waits double from 30 seconds to an hour. What was typed counts in
 * the same way where there is no such account: one name's wait tells nothing, though two names that
 * wait together are of one account (record 8).
 *
 * A browser that has logged in to the account before has limits of its own, the same ones: its
 * failures and those of strangers do not meet (`http/known-device.ts`).
 *
 * A failure is counted when it is known, and an attempt that may still fail keeps others from its
 * point until then, over all processes: many guesses at once count as many, and many log-ins at once
 * wait for each other rather than be refused (record 55). A wait stops log-ins alone: nobody can end
 * another's sessions with it.
 */
import { createHash } from 'node:crypto';
import type { Database, User } from '@latchkey/db';
import { getAddressKey } from '../addresses/address-key.ts';
import { createGuessLimit, type Guess } from './guess-limit.ts';
import { createLimiter, takePoints } from './limiter.ts';
import { createOpenAttempts } from './open-attempts.ts';

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
/** An attempt that is under way, at its address and at its account. */
export type OpenLogin = { attempt: LoginAttempt; atAddress: Guess; atAccount: Guess };
export type LoginAllowance =
  { isAllowed: true; login: OpenLogin } | { isAllowed: false; retryAfterSeconds: number };

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

  const openAttempts = createOpenAttempts(database);
  const byAddress = createGuessLimit(database, openAttempts, { failures: failuresPerAddress });
  const byAccount = createGuessLimit(database, openAttempts, {
    failures: failuresPerAccount,
    waits: waitsPerAccount,
  });

  async function resetFailures(identifier: string): Promise<void> {
    const account = hashIdentifier(identifier);
    const key = [failuresPerAccount.getKey(account), waitsPerAccount.getKey(account)];
    await database.RateLimit.destroy({ where: { key } });
  }

  /** After a failure that took the account's last point, the next wait begins: which one in a row. */
  async function startWait({ identifier }: LoginAttempt): Promise<number> {
    const account = hashIdentifier(identifier);
    const { consumedPoints } = await waitsPerAccount.penalty(account, 1);
    const doubled = FIRST_WAIT_SECONDS * 2 ** Math.min(consumedPoints - 1, 16);
    await failuresPerAccount.block(account, Math.min(doubled, LONGEST_WAIT_SECONDS));
    return consumedPoints;
  }

  return {
    /** Decides on an attempt before it is made. When it is allowed, `end` must follow. */
    async begin(attempt: LoginAttempt): Promise<LoginAllowance> {
      const addressKey = nameAddress(attempt);
      const counted = await takePoints(perAddress, addressKey);
      if (!counted.isAllowed) return counted;
      const atAddress = await byAddress.begin(addressKey);
      if (!atAddress.isAllowed) return atAddress;
      const leaveAddress = () => openAttempts.leave([atAddress.guess.place]);
      try {
        const atAccount = await byAccount.begin(hashIdentifier(attempt.identifier));
        if (!atAccount.isAllowed) {
          await leaveAddress();
          return atAccount;
        }
        const login = { attempt, atAddress: atAddress.guess, atAccount: atAccount.guess };
        return { isAllowed: true, login };
      } catch (error) {
        await leaveAddress().catch(() => undefined);
        throw error;
      }
    },

    /** Lets those go on who wait for the outcome of this attempt, which is counted by now. */
    end: ({ atAddress, atAccount }: OpenLogin): Promise<void> =>
      openAttempts.leave([atAddress.place, atAccount.place]),

    /** Forgets the failures of the account; the address's own count of log-ins stays. */
    async succeed({ attempt }: OpenLogin): Promise<void> {
      await resetFailures(attempt.identifier);
      // The browser is known from now on, and this log-in is one of its thirty a minute.
      if (!attempt.isKnown) await perAddress.penalty(nameAddress({ ...attempt, isKnown: true }), 1);
    },

    /** Counts a failure. Which wait in a row begins with it for the account, or 0 where none does. */
    async fail({ attempt, atAddress, atAccount }: OpenLogin): Promise<number> {
      await byAddress.fail(atAddress);
      const isLast = await byAccount.fail(atAccount);
      return isLast ? startWait(attempt) : 0;
    },

    /** Lifts an account's wait, for a person who has shown in another way who they are. */
    resetFailures,

    /** Gives back what was taken for an attempt whose password was never looked at. */
    async abandon({ attempt }: OpenLogin): Promise<void> {
      await perAddress.reward(nameAddress(attempt), 1);
    },
  };
}

export type LoginLimits = ReturnType<typeof createLoginLimits>;

// What people type here is now and then their password, so it is kept as a hash alone.
function hashIdentifier(identifier: string): string {
  return createHash('sha256').update(identifier.toLowerCase()).digest('base64url');
}
