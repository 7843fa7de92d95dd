import type { User } from '@latchkey/db';
import type { ActContext } from '../acts/act-context.ts';
import { makeResetLink } from '../acts/make-reset-link.ts';
import type { NewPasswordReset } from '../password-resets/password-reset.ts';
import { describeLink } from '../password-resets/reset-link.ts';
import type { Settings } from '../settings/settings.ts';
import { showTime } from '../text/show-time.ts';
import { showEmail } from '../users/show-email.ts';
import { OperatorError } from './operator-error.ts';

/** The same as `makeResetLink`. Throws an OperatorError when the account is disabled. */
export async function demandResetLink(context: ActContext, user: User): Promise<NewPasswordReset> {
  const made = await makeResetLink(context, user);
  if (made) return made;
  const email = showEmail(user.email);
  throw new OperatorError(
    `${email} is disabled. Nothing was changed. Enable the account first: npm run admin -- user enable ${email}`,
  );
}

/** A link for people to read. */
export function showLink(settings: Settings, reset: NewPasswordReset): string {
  const { link, code } = describeLink(settings, reset);
  return `
  ${link}

Without JavaScript that page asks for the code: ${code}
It is shown this once, and works once, until ${showTime(reset.expiresAt)}. Hand it over in private.`;
}
