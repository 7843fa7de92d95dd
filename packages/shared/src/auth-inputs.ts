import * as z from 'zod/mini';
import { limitLength } from './limit-length.ts';
import { readIdentifier } from './email-address.ts';
import {
  email,
  isBlank,
  isCleanText,
  name,
  newPassword,
  optionalUsername,
  password,
} from './fields.ts';
import { EMAIL_MAX_LENGTH, NEXT_PATH_MAX_LENGTH, RESET_LINK_MAX_LENGTH } from './limits.ts';
import { findLinkCode } from './link-code.ts';
import { messages } from './messages.ts';
import { parseNextPath } from './next-path.ts';

const missingCode = 'Please enter the code from your link.';

/** The code of a link, or the whole link as it was pasted. */
const linkCode = z.pipe(
  z
    .string({ error: missingCode })
    .check(
      z.maxLength(RESET_LINK_MAX_LENGTH, { error: messages['broken-reset-link'], abort: true }),
      z.trim(),
      z.minLength(1, { error: missingCode, abort: true }),
    ),
  z.transform((text, context) => {
    const code = findLinkCode(text);
    if (code !== null) return code;
    context.issues.push({ code: 'custom', message: messages['broken-reset-link'], input: text });
    return z.NEVER;
  }),
);

/** Input of `auth.register`, and the fields of the page's form. */
export const registerInput = z.object({
  name,
  email,
  username: optionalUsername,
  password: newPassword,
  staySignedIn: z.optional(z.boolean()),
  /** The code of an invitation, or its link. */
  invitation: z.optional(
    z.pipe(
      z.transform((value) => (value === null || isBlank(value) ? undefined : value)),
      z.optional(linkCode),
    ),
  ),
  /** Where the person was going, for the link of the mail; what is no path of this site is left out. */
  next: z.optional(
    z.pipe(
      z.transform((value) => {
        const path = parseNextPath(value);
        // Encoded it may be longer than it came.
        return path && path.length <= NEXT_PATH_MAX_LENGTH ? path : undefined;
      }),
      z.optional(z.string()),
    ),
  ),
});
export type RegisterInput = z.infer<typeof registerInput>;

/** What people tell of themselves when they register: each is a column of `User`. */
export const personInput = z.omit(registerInput, {
  password: true,
  staySignedIn: true,
  invitation: true,
  next: true,
});
export type PersonInput = z.infer<typeof personInput>;
export const personFields = Object.keys(personInput.shape) as (keyof PersonInput)[];

/** The same as the database holds it: null where nothing was typed. */
export type PersonColumns = {
  [Field in keyof PersonInput]-?: undefined extends PersonInput[Field]
    ? NonNullable<PersonInput[Field]> | null
    : PersonInput[Field];
};

export function toPersonColumns(input: PersonInput): PersonColumns {
  return Object.fromEntries(
    personFields.map((field) => [field, input[field] ?? null]),
  ) as PersonColumns;
}

const longIdentifier = `An email or username has at most ${EMAIL_MAX_LENGTH} characters.`;

/** An email or a username. */
const identifier = z.pipe(
  z
    .string({ error: 'Please enter your email or username.' })
    .check(limitLength(EMAIL_MAX_LENGTH, longIdentifier)),
  z.pipe(
    z.transform(readIdentifier),
    z
      .string()
      .check(
        z.minLength(1, 'Please enter your email or username.'),
        z.maxLength(EMAIL_MAX_LENGTH, longIdentifier),
        z.refine(isCleanText, 'This cannot have control characters.'),
      ),
  ),
);

/** Input of `auth.login`. */
export const loginInput = z.object({
  identifier,
  password,
  staySignedIn: z.optional(z.boolean()),
});
export type LoginInput = z.infer<typeof loginInput>;

/** Input of `auth.requestPasswordReset`. */
export const requestPasswordResetInput = z.object({ identifier });
export type RequestPasswordResetInput = z.infer<typeof requestPasswordResetInput>;

/** Input of `auth.confirmEmail` and `auth.undoEmailChange`. */
export const emailLinkInput = z.object({ token: linkCode });

/** Input of `auth.resetPassword`. */
export const resetPasswordInput = z.object({ token: linkCode, newPassword });
export type ResetPasswordInput = z.infer<typeof resetPasswordInput>;

/** Input of `auth.secureAccount`. */
export const secureAccountInput = z.object({ token: linkCode });
