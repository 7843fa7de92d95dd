import { entryPages } from '@latchkey/shared';

const entries = new Set(entryPages);
const others = new Set([
  '/404',
  '/problem',
  '/favicon.svg',
  '/favicon.ico',
  '/apple-touch-icon.png',
]);
const folders = ['/dashboard', '/operator', '/_astro'];

export const isEntryPath = (path: string): boolean => entries.has(path);

/** Whether Latchkey's own build has something that a site needs which was built elsewhere. */
export const isAccountPath = (path: string): boolean =>
  entries.has(path) ||
  others.has(path) ||
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
