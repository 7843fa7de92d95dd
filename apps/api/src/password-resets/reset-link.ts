import type { ResetLink } from '@latchkey/shared';
import type { Settings } from '../settings/settings.ts';
import type { NewPasswordReset } from './password-reset.ts';

/** The kind of the mail that brings it. */
export const RESET_MAIL = 'password-reset';
export const RESET_LIFETIME_SECONDS = 30 * 60;

/** The link of a code as mails have it: in the fragment, which browsers never send. */
export const writeMailedLink = ({ publicOrigin }: Settings, token: string): string =>
  `${publicOrigin}/reset-password#${token}`;

/** The same as operators hand it over, with a name before the code. */
const writeResetLink = ({ publicOrigin }: Pick<Settings, 'publicOrigin'>, token: string): string =>
  `${publicOrigin}/reset-password#token=${token}`;

/** A link as operators hand it over; the code alone is for browsers without JavaScript. */
export function describeLink(
  settings: Pick<Settings, 'publicOrigin'>,
  { token, expiresAt }: NewPasswordReset,
): ResetLink {
  const link = writeResetLink(settings, token);
  return { link, code: token, expiresAt: expiresAt.toISOString() };
}
