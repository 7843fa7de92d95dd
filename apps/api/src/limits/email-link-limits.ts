import type { Database } from '@latchkey/db';
import { hashToken } from '../tokens/secret-token.ts';
import { createLimiter, takePoints, type Allowance } from './limiter.ts';

const PER_EMAIL = 5;

/** How often a link to one address may be asked for in a minute, whether there is an account or not. */
export function createEmailLinkLimits(database: Database) {
  const perEmail = createLimiter(database, {
    keyPrefix: 'email-link',
    points: PER_EMAIL,
    durationSeconds: 60,
  });
  return {
    begin: (email: string): Promise<Allowance> =>
      takePoints(perEmail, hashToken(email.toLowerCase())),
  };
}

export type EmailLinkLimits = ReturnType<typeof createEmailLinkLimits>;
