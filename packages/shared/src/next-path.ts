import { NEXT_PATH_MAX_LENGTH } from './limits.ts';

const anyOrigin = 'http://site.invalid';
// eslint-disable-next-line no-control-regex -- control characters are what it must find: browsers drop some of them from an address
const forbidden = /[\\\u0000-\u001f\u007f-\u009f]/;

/**
 * The path, query and fragment to go to after logging in, in normal form, or null when the text is
 * anything but a path of this site: another origin in any spelling, a scheme, a backslash, a control
 * character.
 *
 * @param candidate the `next` value as a visitor's address gave it
 * @see CVE-2016-2512 (Django): why a resolved address is compared and not only its first characters
 */
export function parseNextPath(candidate: unknown): string | null {
  if (typeof candidate !== 'string' || candidate.length > NEXT_PATH_MAX_LENGTH) return null;
  if (!candidate.startsWith('/') || candidate.startsWith('//') || forbidden.test(candidate)) {
    return null;
  }
  const url = URL.parse(candidate, anyOrigin);
  if (url?.origin !== anyOrigin || url.pathname.startsWith('//')) return null;
  return url.pathname + url.search + url.hash;
}
