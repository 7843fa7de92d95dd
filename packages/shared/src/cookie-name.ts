/** The port of a site whose settings say nothing else. */
export const DEFAULT_PORT = '3000';

/**
 * What a cookie is called at a site: with the prefix `__Host-` on https, and on plain http, which is
 * for localhost alone, with the port behind it. Cookies know no ports, and two sites on one machine
 * would overwrite each other's. The default port needs none.
 *
 * @param site its address: a URL, or a page's own `location`
 */
export function nameCookie(
  name: string,
  { protocol, port }: Pick<URL, 'protocol' | 'port'>,
): string {
  if (protocol === 'https:') return `__Host-${name}`;
  return port === DEFAULT_PORT ? name : `${name}-${port || '80'}`;
}
