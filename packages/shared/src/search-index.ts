import type { Access, AccessRule } from './access.ts';

const SEARCH = '/_search';
const rolesFolder = /^\/_search\/roles\/([a-z][a-z0-9.-]*)(\/|$)/;

/** The page of the search. */
export const SEARCH_PATH = '/search';

/** The program that reads the indexes, in the reader's browser. It is the same for everybody. */
export const SEARCH_PROGRAM_PATH = `${SEARCH}/program/pagefind.js`;

/** Where the server says which indexes somebody may have. */
export const SEARCH_LIST_PATH = `${SEARCH}/indexes.json`;

/** What stands at `SEARCH_LIST_PATH`: the folders of the indexes, and what tells one build from another. */
export type SearchList = { indexes: { folder: string; version: string }[] };

/** The folder of the index of all that is for the same people. A role has no dot in its name. */
export const nameSearchFolder = (access: Access): string =>
  typeof access === 'string'
    ? `${SEARCH}/${access}/`
    : `${SEARCH}/roles/${[...new Set(access)].sort().join('.')}/`;

/**
 * Who may have what is below `/_search`: the address itself says for whom an index is, so that no list of
 * rules opens one to more people than the pages in it. What is for nobody known is for nobody.
 *
 * @returns null for any other path
 */
export function findSearchRule(path: string): AccessRule | null {
  if (path !== SEARCH && !path.startsWith(`${SEARCH}/`)) return null;
  const [, , part = ''] = path.split('/');
  const key = `${SEARCH}/${part}/*`;
  if (part === 'public' || part === 'program') return { key, access: 'public' };
  if (part === 'members') return { key, access: 'members' };
  const roles = rolesFolder.exec(path)?.[1];
  return { key, access: roles?.split('.') ?? [] };
}
