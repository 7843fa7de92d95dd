import type { SecondFactor } from './second-factors.ts';

/** Why a procedure refused: the closed set that programs can switch on, in `error.data.reason`. */
export const reasons = [
  'invalid-input',
  'common-password',
  'personal-password',
  'breached-password',
  'invalid-credentials',
  'unknown-email',
  'wrong-password',
  'email-taken',
  'username-taken',
  'registration-closed',
  'invitation-required',
  'invitation-not-valid',
  'email-domain-not-allowed',
  'waiting-for-approval',
  'invalid-reset-link',
  'factor-required',
  'wrong-code',
  'second-step-over',
  'authenticator-exists',
  'link-expired',
  'wrong-passkey',
  'passkey-unverified',
  'passkey-exists',
  'passkey-not-added',
  'too-many-passkeys',
  'oidc-failed',
  'oidc-away',
  'oidc-cancelled',
  'oidc-over',
  'oidc-email-taken',
  'oidc-email-unverified',
  'oidc-no-account',
  'oidc-in-use',
  'oidc-exists',
  'oidc-other-account',
  'oidc-not-fresh',
  'oidc-last-way-in',
  'sign-in-required',
  'role-required',
  'own-account',
  'account-disabled',
  'invitee-has-account',
  'other-person',
  'password-required',
  'code-required',
  'forbidden',
  'cross-site',
  'not-found',
  'too-large',
  'streaming-unsupported',
  'too-many-attempts',
  'reads-spent',
  'overloaded',
  'unexpected-error',
] as const;

export type Reason = (typeof reasons)[number];

/** Field name → what is wrong with it, in sentences for people. */
export type FieldErrors = Record<string, string[]>;

/** What Latchkey adds to tRPC's `error.data`. */
export type ErrorDetails = {
  reason: Reason;
  fieldErrors?: FieldErrors;
  /** Whole seconds to wait, the same number as the answer's `Retry-After`. */
  retryAfterSeconds?: number;
  /** With `reads-spent`: when the next free read comes, ISO 8601 in UTC, or null for never. */
  nextFreeAt?: string | null;
  /** With `password-required` and `code-required`: what the person can show beside the password. */
  secondFactor?: SecondFactor[];
  /** With `password-required`: the name of the provider that can prove it too, where there is one. */
  provider?: string;
};
