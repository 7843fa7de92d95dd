import * as z from 'zod/mini';
import { limitLength } from './limit-length.ts';
import { readEmail } from './email-address.ts';
import { cleanIdentifier, cleanName, isVisible, changesTextDirection } from './invisible.ts';
import {
  EMAIL_MAX_LENGTH,
  LOGIN_PASSWORD_MAX_LENGTH,
  NAME_MAX_LENGTH,
  PASSWORD_MAX_LENGTH,
  PASSWORD_MIN_LENGTH,
  USERNAME_MAX_LENGTH,
  USERNAME_MIN_LENGTH,
} from './limits.ts';

const controlCharacter = /\p{Cc}/u;
/** Letters of no language have more marks; stacks of them reach into the lines above and below. */
const crowdedMarks = /\p{M}{7}/u;
const usernamePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

/** Text that every database takes: no control characters, no half of a surrogate pair. */
export function isCleanText(text: string): boolean {
  return !controlCharacter.test(text) && text.isWellFormed();
}

/** Length in code points of the NFC form: what a person counts, and the same for every keyboard. */
function countCodePoints(text: string): number {
  return [...text.normalize('NFC')].length;
}

const longName = `A name has at most ${NAME_MAX_LENGTH} characters.`;
const longEmail = `An email address has at most ${EMAIL_MAX_LENGTH} characters.`;
const longUsername = `A username has at most ${USERNAME_MAX_LENGTH} characters.`;
const longPassword = `A password has at most ${PASSWORD_MAX_LENGTH} characters.`;
const longTypedPassword = `A password has at most ${LOGIN_PASSWORD_MAX_LENGTH} characters.`;

const nameAfter = (question: string) =>
  z.pipe(
    z.string({ error: question }).check(z.trim(), limitLength(NAME_MAX_LENGTH, longName)),
    z.pipe(
      z.transform(cleanName),
      z.string().check(
        z.normalize('NFC'),
        z.minLength(1, { error: question, abort: true }),
        z.refine((text) => countCodePoints(text) <= NAME_MAX_LENGTH, longName),
        z.refine(isCleanText, 'A name cannot have control characters.'),
        z.refine(
          (text) => !changesTextDirection(text),
          'A name cannot contain characters that change the direction of the text. Please type it again.',
        ),
        z.refine((text) => !crowdedMarks.test(text), 'A name has at most 6 marks on one letter.'),
        z.refine(isVisible, 'A name needs characters that can be seen.'),
      ),
    ),
  );

export const name = nameAfter('Please enter your name.');
export const passkeyName = nameAfter('Please enter a name.');

export const email = z.pipe(
  z.string({ error: 'Please enter your email address.' }).check(
    limitLength(EMAIL_MAX_LENGTH, longEmail),
    z.refine((text) => cleanIdentifier(text) !== '', {
      error: 'Please enter your email address.',
      abort: true,
    }),
  ),
  z.transform((text, context) => {
    const read = readEmail(text);
    if ('email' in read) return read.email;
    context.issues.push({ code: 'custom', message: read.fault, input: text });
    return z.NEVER;
  }),
);

const plainUsername = z
  .string()
  .check(
    z.minLength(USERNAME_MIN_LENGTH, `A username has at least ${USERNAME_MIN_LENGTH} characters.`),
    z.maxLength(USERNAME_MAX_LENGTH, longUsername),
    z.regex(
      usernamePattern,
      'Use letters, digits, dots, dashes or underscores. Start with a letter or digit.',
    ),
  );

export const username = z.pipe(
  z.string().check(limitLength(USERNAME_MAX_LENGTH, longUsername)),
  z.pipe(z.transform(cleanIdentifier), plainUsername),
);

/** Whether a field was left empty; what is too long to be looked at was not. */
export const isBlank = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= EMAIL_MAX_LENGTH && cleanIdentifier(value) === '';

export const optionalUsername = z.optional(
  z.pipe(
    z.transform((value) => (value === null || isBlank(value) ? undefined : value)),
    z.optional(username),
  ),
);

export const newPassword = z.string({ error: 'Please enter a password.' }).check(
  limitLength(PASSWORD_MAX_LENGTH, longPassword),
  z.refine(
    (text) => countCodePoints(text) >= PASSWORD_MIN_LENGTH,
    `A password has at least ${PASSWORD_MIN_LENGTH} characters. Three or four unrelated words make a good one.`,
  ),
  z.refine((text) => countCodePoints(text) <= PASSWORD_MAX_LENGTH, longPassword),
  // Its bytes are hashed, and all halves of a pair have the same: passwords that differ would match.
  z.refine((text) => text.isWellFormed(), 'A password cannot contain half a character.'),
  // scrypt fills a short password up with them: with one more at its end it would be the same.
  z.refine((text) => !text.endsWith('\0'), 'A password cannot end with the character NUL.'),
);

/** A password that is compared with the one on record: it may be older than the rules for new ones. */
function typedPassword(question: string) {
  return z
    .string({ error: question })
    .check(
      limitLength(LOGIN_PASSWORD_MAX_LENGTH, longTypedPassword),
      z.minLength(1, question),
      z.maxLength(LOGIN_PASSWORD_MAX_LENGTH, longTypedPassword),
    );
}

export const password = typedPassword('Please enter your password.');
export const currentPassword = typedPassword('Please enter your current password.');
