import type { Database } from '@latchkey/db';
import { getAddressKey } from '../addresses/address-key.ts';
import { createLimiter, takePoints, type Allowance } from './limiter.ts';

const MINUTE_SECONDS = 60;
/**
 * More than a person changes in a minute, and far less than fills a database; and the same of an
 * address, which a school or an office has one of.
 */
const most = { perPerson: 60, perAddress: 600 };

/** How often one person, and one address, may change something in a minute, whatever it is. */
export function createWriteLimits(database: Database, { perPerson, perAddress } = most) {
  const ofPerson = createLimiter(database, {
    keyPrefix: 'write-person',
    points: perPerson,
    durationSeconds: MINUTE_SECONDS,
    isKnownHere: true,
  });
  const ofAddress = createLimiter(database, {
    keyPrefix: 'write-address',
    points: perAddress,
    durationSeconds: MINUTE_SECONDS,
    isKnownHere: true,
  });
  return {
    /** Counts a change before it is made. A visitor counts by address alone. */
    async begin(address: string, userId?: string): Promise<Allowance> {
      if (userId !== undefined) {
        const byPerson = await takePoints(ofPerson, userId);
        if (!byPerson.isAllowed) return byPerson;
      }
      return takePoints(ofAddress, getAddressKey(address));
    },
  };
}

export type WriteLimits = ReturnType<typeof createWriteLimits>;
