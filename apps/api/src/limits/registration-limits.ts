import type { Database } from '@latchkey/db';
import { getAddressKey } from './address-key.ts';
import { createLimiter, takePoints, type Allowance } from './limiter.ts';

/** 20 registrations a minute from one address. */
export function createRegistrationLimits(database: Database) {
  const perAddress = createLimiter(database, {
    keyPrefix: 'register-address',
    points: 20,
    durationSeconds: 60,
  });
  return {
    /** Counts an attempt before it is made. */
    begin: (address: string): Promise<Allowance> => takePoints(perAddress, getAddressKey(address)),

    /** Gives back what was taken for an attempt that the server had no room for. */
    async abandon(address: string): Promise<void> {
      await perAddress.reward(getAddressKey(address), 1);
    },
  };
}

export type RegistrationLimits = ReturnType<typeof createRegistrationLimits>;
