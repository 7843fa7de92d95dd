import type { Database } from '@latchkey/db';
import { getAddressKey } from '../addresses/address-key.ts';
import { hashToken } from '../tokens/secret-token.ts';
import { createLimiter, takePoints, type Allowance } from './limiter.ts';

const PER_ACCOUNT = 5;
const PER_CLIENT = 20;

/** How often a link may be asked for in a minute, whether there is an account or not. */
export function createResetMailLimits(database: Database) {
  const limit = (keyPrefix: string, points: number) =>
    createLimiter(database, { keyPrefix, points, durationSeconds: 60 });
  const perClient = limit('reset-mail-client', PER_CLIENT);
  const perIdentifier = limit('reset-mail-identifier', PER_ACCOUNT);
  const perPerson = limit('reset-mail-person', PER_ACCOUNT);
  return {
    /** Counts a request before it is looked at. */
    async beginRequest(address: string, identifier: string): Promise<Allowance> {
      const byClient = await takePoints(perClient, getAddressKey(address));
      if (!byClient.isAllowed) return byClient;
      // A password that was typed in the wrong field stays out of the table.
      return takePoints(perIdentifier, hashToken(identifier.toLowerCase()));
    },

    /** Counts a mail to a person, who may be asked for by email and by username. */
    beginMail: (userId: string): Promise<Allowance> => takePoints(perPerson, userId),
  };
}

export type ResetMailLimits = ReturnType<typeof createResetMailLimits>;
