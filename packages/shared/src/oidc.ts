import * as z from 'zod/mini';
import { confirmation } from './account-inputs.ts';

/** An account at an OpenID provider that logs its person in. Times are ISO 8601 in UTC. */
export type LinkedAccount = {
  id: string;
  /** The host of the provider, such as accounts.example.com. */
  provider: string;
  createdAt: string;
  lastUsedAt: string | null;
};

/** What `oidc.status` tells: the provider's name, and the person's accounts there. */
export type OidcStatus = { label: string; accounts: LinkedAccount[] };

/**
 * Input of `oidc.start`: what the visit to the provider is for. `link` wants a proof of the person first;
 * `proof` is one.
 */
export const startOidcInput = z.extend(confirmation, { purpose: z.enum(['link', 'proof']) });

/** Input of `oidc.unlink`. */
export const unlinkOidcInput = z.extend(confirmation, {
  id: z.uuid('This is not the id of a linked account.').check(z.toLowerCase()),
});
