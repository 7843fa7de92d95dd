import type { FastifyRequest } from 'fastify';

export type RequestPath = {
  /** Decoded, as the site's files are listed. */
  path: string;
  /** As it came, with its `?`, or empty. */
  search: string;
};

/**
 * The path that a request asks for, or null when no file can have such a name: a broken escape, a
 * NUL, a backslash, an empty segment, or a dot segment in any spelling.
 */
export function readRequestPath({ raw }: FastifyRequest): RequestPath | null {
  const [encoded = '', ...query] = (raw.url ?? '').split('?');
  const path = decodePath(encoded);
  if (path === null || /[\0\\]|\/\/|\/\.{1,2}(\/|$)/.test(path)) return null;
  return { path, search: query.length > 0 ? `?${query.join('?')}` : '' };
}

function decodePath(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/** A decoded path as it stands in an address. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** `/login/`, `/login.html` and `/index.html` as their clean addresses; a clean one stays as it is. */
export function cleanPath(path: string): string {
  const bare = path.replace(/\.html$/, '').replace(/(.)\/$/, '$1');
  return bare.replace(/\/index$/, '') || '/';
}

/** Whether this is a browser that wants a page to show, and no program or script. */
export function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}
