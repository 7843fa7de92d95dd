import type { FastifyRequest } from 'fastify';

export type RequestPath = {
  /** Decoded, as the site's files are listed. */
  path: string;
  /** As it came, with its `?`, or empty. */
  search: string;
};

/**
 * The path that a request asks for, or null when no file can have such a name: a broken escape, a
 * NUL, an empty segment, or a dot segment in any spelling.
 */
export function readRequestPath({ raw }: FastifyRequest): RequestPath | null {
  const url = raw.url ?? '';
  const path = decodePath(url);
  if (path === null || /\0|\/\/|\/\.{1,2}(\/|$)/.test(path)) return null;
  const queryStart = url.indexOf('?');
  return { path, search: queryStart < 0 ? '' : url.slice(queryStart) };
}

/** The decoded path of a request's target, or null for a broken escape. */
export function decodePath(target: string): string | null {
  const [encoded = ''] = target.split('?', 1);
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/** A decoded path as it stands in an address. */
export function encodePath(path: string): string {
  return encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}

/** `/login/`, `/login.html` and `/index.html` as their clean addresses; a clean one stays as it is. */
export function cleanPath(path: string): string {
  const bare = path.replace(/([^/])\.html$/, '$1').replace(/(.)\/$/, '$1');
  return bare.replace(/\/index$/, '') || '/';
}

/** Whether this is a browser that wants a page to show, and no program or script. */
export function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}
