import * as z from 'zod/mini';
import { limitLength } from './limit-length.ts';
import { cleanIdentifier } from './invisible.ts';
import type { PublicPasskey } from './passkeys.ts';

/** What can be shown beside a password. */
export type SecondFactor = 'authenticator' | 'passkey' | 'recovery-code';

/** The factors of a person, as `factors.status` tells. Times are ISO 8601 in UTC. */
export type FactorStatus = {
  /** Whether an authenticator app was confirmed. */
  authenticator: boolean;
  passkeys: PublicPasskey[];
  recoveryCodesLeft: number;
};

const CODE_MAX_LENGTH = 100;
const missingCode = 'Please enter the code.';
const longCode = `A code has at most ${CODE_MAX_LENGTH} characters.`;

/** A code without what people write between its groups. */
export const cleanCode = (text: string): string =>
  cleanIdentifier(text)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

const code = z.pipe(
  z
    .string({ error: missingCode })
    .check(limitLength(CODE_MAX_LENGTH, longCode), z.maxLength(CODE_MAX_LENGTH, longCode)),
  z.pipe(z.transform(cleanCode), z.string().check(z.minLength(1, missingCode))),
);

/** Whether a text can be a code of an authenticator app: no password is as short as that. */
export const isAuthenticatorCode = (text: string): boolean =>
  text.length <= CODE_MAX_LENGTH && /^\d{6}$/.test(cleanCode(text));

/** Whether a text has the form of a recovery code; so may a password. */
export const isRecoveryCode = (text: string): boolean =>
  text.length <= CODE_MAX_LENGTH && /^[a-z2-7]{24}$/.test(cleanCode(text));

/** Input of `auth.secondFactor`: a code of an authenticator app, or a recovery code. */
export const secondFactorInput = z.object({
  code,
  /** What was chosen with the password, where it is left out. */
  staySignedIn: z.optional(z.boolean()),
  /** Whether this browser is asked for no second factor for 30 days. */
  rememberBrowser: z.optional(z.boolean()),
});

/** Input of `factors.confirmAuthenticator`: the first code of the app. */
export const confirmAuthenticatorInput = z.object({ code });
