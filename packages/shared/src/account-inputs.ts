import * as z from 'zod/mini';
import { limitLength } from './limit-length.ts';
import { readIdentifier } from './email-address.ts';
import { currentPassword, email, isBlank, name, newPassword, username } from './fields.ts';
import { EMAIL_MAX_LENGTH } from './limits.ts';

/**
 * What every sensitive procedure takes beside its own input: the password once more, a code of the
 * person's authenticator app or a recovery code; wanted when the last proof is older than five minutes.
 */
export const confirmation = z.object({ currentPassword: z.optional(currentPassword) });

/** The whole input of `account.export`, `sessions.revokeOthers` and `feed.create`; it may be left out. */
export const confirmationInput = z.prefault(confirmation, {});

const removableUsername = z.optional(
  z.pipe(
    z.transform((value) => (isBlank(value) ? null : value)),
    z.nullable(username),
  ),
);

/** Input of `account.update`. A field that is left out stays as it is; an empty username, or null, takes it away. */
export const updateInput = z.object({ name: z.optional(name), username: removableUsername });
export type UpdateInput = z.infer<typeof updateInput>;

/** Input of `account.changeEmail`. */
export const changeEmailInput = z.extend(confirmation, { email });

/** Input of `account.changePassword`: the current password is wanted always. */
export const changePasswordInput = z.object({ currentPassword, newPassword });
export type ChangePasswordInput = z.infer<typeof changePasswordInput>;

/** Input of `account.delete`: the account's own email, typed to be sure, in any spelling. */
export const deleteAccountInput = z.extend(confirmation, {
  email: z.pipe(
    z
      .string({ error: 'Please enter your email address.' })
      .check(
        limitLength(
          EMAIL_MAX_LENGTH,
          `An email address has at most ${EMAIL_MAX_LENGTH} characters.`,
        ),
      ),
    z.pipe(
      z.transform(readIdentifier),
      z.string().check(z.minLength(1, 'Please enter your email address.')),
    ),
  ),
});

/** The longest page of a list. */
const PAGE_MAX_LENGTH = 100;

/** Input of `sessions.list` and `activity.list`, which may be left out: `cursor` is the id of the last item seen. */
export const listPageInput = z.prefault(
  z.object({
    limit: z.optional(z.int().check(z.gte(1), z.lte(PAGE_MAX_LENGTH))),
    cursor: z.optional(z.uuid('This is not the id of an item.').check(z.toLowerCase())),
  }),
  {},
);
export type ListPage = z.infer<typeof listPageInput>;

/** Input of `sessions.revoke`. */
export const revokeSessionInput = z.extend(confirmation, {
  id: z.uuid('This is not the id of a session.').check(z.toLowerCase()),
});
