import type { Settings } from '../settings/settings.ts';

/** The kind of the mail that brings it. */
export const RESET_MAIL = 'password-reset';
export const RESET_LIFETIME_SECONDS = 30 * 60;

/** The link of a code as mails have it: in the fragment, which browsers never send. */
export const writeMailedLink = ({ publicOrigin }: Settings, token: string): string =>
  `${publicOrigin}/reset-password#${token}`;

/** The same as the operator's command prints it, with a name before the code. */
export const writeResetLink = ({ publicOrigin }: Settings, token: string): string =>
  `${publicOrigin}/reset-password#token=${token}`;
