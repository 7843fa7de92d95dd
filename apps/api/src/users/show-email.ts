import { domainToUnicode } from 'node:url';

/**
 * An email address as people read it: its domain in letters instead of `xn--…`.
 *
 * @param email in the form that is kept
 */
export function showEmail(email: string): string {
  const start = email.lastIndexOf('@') + 1;
  const domain = email.slice(start);
  if (!domain.includes('xn--')) return email;
  return email.slice(0, start) + (domainToUnicode(domain) || domain);
}
