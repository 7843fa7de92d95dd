import * as z from 'zod/mini';
import { confirmation } from './account-inputs.ts';
import { isBlank, passkeyName } from './fields.ts';

/** A passkey as its person sees it. Times are ISO 8601 in UTC. */
export type PublicPasskey = {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
};

/** The longest id that WebAuthn allows has 1,023 bytes. */
const ID_MAX_LENGTH = 1400;
const PART_MAX_LENGTH = 20_000;
const TRANSPORTS_MAX = 10;

const part = z.string().check(z.minLength(1), z.maxLength(PART_MAX_LENGTH), z.regex(/^[\w-]+$/));
const passkeyId = z
  .string({ error: 'This is not the id of a passkey.' })
  .check(z.minLength(1), z.maxLength(ID_MAX_LENGTH), z.regex(/^[\w-]+$/));

/** What every answer of an authenticator has. What else a browser sends is left out. */
const credential = z.object({
  id: passkeyId,
  rawId: passkeyId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.optional(z.nullable(z.enum(['platform', 'cross-platform']))),
});

const newName = z.optional(
  z.pipe(
    z.transform((value) => (isBlank(value) ? undefined : value)),
    z.optional(passkeyName),
  ),
);

/** What the form that adds a passkey asks for: the proof goes first, and the name comes with the answer. */
export const startRegistrationInput = z.extend(confirmation, { name: newName });

/** Input of `passkeys.finishRegistration`: WebAuthn's own JSON. */
export const finishRegistrationInput = z.object({
  response: z.extend(credential, {
    response: z.object({
      clientDataJSON: part,
      attestationObject: part,
      transports: z.optional(
        z.array(z.string().check(z.regex(/^[a-z-]{1,20}$/))).check(z.maxLength(TRANSPORTS_MAX)),
      ),
    }),
  }),
  /** Left out, the browser's name. */
  name: newName,
});
export type RegistrationAnswer = z.infer<typeof finishRegistrationInput>['response'];

/** Input of `passkeys.startLogin`, which may be left out. */
export const startPasskeyLoginInput = z.prefault(
  z.object({
    /** Asks for any passkey, even where a log-in waits for its second step in this browser. */
    alone: z.optional(z.boolean()),
  }),
  {},
);

/** Input of `passkeys.finishProof`: WebAuthn's own JSON. */
export const finishPasskeyProofInput = z.object({
  response: z.extend(credential, {
    response: z.object({
      clientDataJSON: part,
      authenticatorData: part,
      signature: part,
      userHandle: z.optional(z.nullable(z.string().check(z.maxLength(200)))),
    }),
  }),
});

/** Input of `passkeys.finishLogin`: WebAuthn's own JSON. */
export const finishPasskeyLoginInput = z.extend(finishPasskeyProofInput, {
  /** As a second step: what was chosen with the password, where it is left out. */
  staySignedIn: z.optional(z.boolean()),
  /** Whether this browser is asked for no second factor for 30 days. */
  rememberBrowser: z.optional(z.boolean()),
});
export type PasskeyLoginAnswer = z.infer<typeof finishPasskeyLoginInput>['response'];

/** Input of `passkeys.rename`. */
export const renamePasskeyInput = z.object({ id: passkeyId, name: passkeyName });

/** Input of `passkeys.remove`. */
export const removePasskeyInput = z.extend(confirmation, { id: passkeyId });
