const mark = 'cookie';
const asked = 'check';

/** The log-in's address that leads on to `path` whoever brings the cookie of their session. */
export function linkCookieCheck(path: string): string {
  return `/login?${new URLSearchParams({ next: path, [mark]: asked }).toString()}`;
}

/** @param search the address's query, with its `?`, or empty */
export function isCookieCheck(search: string): boolean {
  return new URLSearchParams(search).get(mark) === asked;
}
