import type { Settings } from '../settings/settings.ts';

/** The kind of the mail that brings it. */
export const RESET_MAIL = 'password-reset';
export const RESET_LIFETIME_SECONDS = 30 * 60;

/** The link of a code: in the fragment, which browsers never send. */
export const writeResetLink = ({ publicOrigin }: Settings, token: string): string =>
  `${publicOrigin}/reset-password#token=${token}`;
