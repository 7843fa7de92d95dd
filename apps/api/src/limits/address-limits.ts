import type { Database } from '@latchkey/db';
import { getAddressKey } from '../addresses/address-key.ts';
import { createLimiter, takePoints, type Allowance } from './limiter.ts';

/**
 * How often one address may do something in a minute.
 *
 * @param keyPrefix keeps its counters apart from those of other limits
 */
function createAddressLimits(
  database: Database,
  { keyPrefix, perMinute }: { keyPrefix: string; perMinute: number },
) {
  const perAddress = createLimiter(database, { keyPrefix, points: perMinute, durationSeconds: 60 });
  return {
    /** Counts an attempt before it is made. */
    begin: (address: string): Promise<Allowance> => takePoints(perAddress, getAddressKey(address)),

    /** Gives back what was taken for an attempt that the server had no room for. */
    async abandon(address: string): Promise<void> {
      await perAddress.reward(getAddressKey(address), 1);
    },
  };
}

export type AddressLimits = ReturnType<typeof createAddressLimits>;

export const createRegistrationLimits = (database: Database) =>
  createAddressLimits(database, { keyPrefix: 'register-address', perMinute: 20 });

/** What a broken registration asks for spends no registration: people who correct a form still register. */
export const createUsernameLimits = (database: Database) =>
  createAddressLimits(database, { keyPrefix: 'username-address', perMinute: 20 });

/** A code cannot be guessed: the limit keeps the database from being asked for ever. */
export const createPasswordResetLimits = (database: Database) =>
  createAddressLimits(database, { keyPrefix: 'reset-address', perMinute: 10 });

/** Each start of a log-in with a passkey writes a row; the log-in page makes one whenever it opens. */
export const createPasskeyLimits = (database: Database) =>
  createAddressLimits(database, { keyPrefix: 'passkey-address', perMinute: 60 });

/** A log-in with a provider counts twice: on the way there, and on the way back. */
export const createOidcLimits = (database: Database) =>
  createAddressLimits(database, { keyPrefix: 'oidc-address', perMinute: 60 });

/** They cost work before it is known what they hold; no page of ours sends one. */
export const createLargeBodyLimits = (database: Database) =>
  createAddressLimits(database, { keyPrefix: 'large-body-address', perMinute: 20 });
