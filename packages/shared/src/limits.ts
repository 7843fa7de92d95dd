/** Longest display name, in characters (code points). */
export const NAME_MAX_LENGTH = 80;
/** Longest email address, in characters (RFC 5321's path limit less its brackets). */
export const EMAIL_MAX_LENGTH = 254;
/** Shortest and longest username, in characters. */
export const USERNAME_MIN_LENGTH = 3;
export const USERNAME_MAX_LENGTH = 30;
/** Shortest and longest new password, in code points after NFC normalisation. */
export const PASSWORD_MIN_LENGTH = 12;
export const PASSWORD_MAX_LENGTH = 256;
/** Longest password that a log-in accepts, in UTF-16 units: looser than for new ones, for imported accounts. */
export const LOGIN_PASSWORD_MAX_LENGTH = 1024;
/** Longest `next` path, in characters. */
export const NEXT_PATH_MAX_LENGTH = 2048;
/** Longest text in which the code of a link is looked for, in characters: a pasted link, or a message with one. */
export const RESET_LINK_MAX_LENGTH = 2000;
/** Longest reason of an operator's act, in characters. */
export const REASON_MAX_LENGTH = 120;
