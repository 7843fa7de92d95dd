import * as z from 'zod/mini';
import { accessRules, roleNames } from '#site/access-rules';
import { findSearchRule } from './search-index.ts';

/** Who may have something: everybody, whoever is signed in, or people with one of these roles. */
export type Access = 'public' | 'members' | readonly string[];
export type AccessRules = Readonly<Record<string, Access>>;
/** As the build hands it to the server. */
export const accessValue = z.union([
  z.literal(['public', 'members']),
  z.readonly(z.array(z.string()).check(z.minLength(1))),
]);
/** A rule by the key that it is written under. */
export type AccessRule = { key: string; access: Access };

export const roleRule = 'a role has at most 30 lower-case letters, digits and dashes';
export const isRole = (text: string): boolean => /^[a-z][a-z0-9-]{0,29}$/.test(text);

const FOLDER = '/*';

/** What the rules say of a path, or null where none fits it and it is for members. */
export type FindRule = (path: string) => AccessRule | null;

/**
 * Reads a list of rules.
 *
 * @returns what finds the rule of a path: decoded and normalised, without query, `..` and trailing slash
 */
export function createFindRule(rules: AccessRules): FindRule {
  // A name that macOS wrote has an `ü` as two characters, and the list that was typed has one.
  const entries = Object.entries(rules).map(
    ([key, access]) => [key.normalize('NFC'), access] as const,
  );
  const pages = new Map(entries);
  const folders = entries
    .filter(([key]) => key.endsWith(FOLDER))
    .map(([key, access]) => ({ key, access, folder: key.slice(0, -FOLDER.length) }))
    .toSorted((one, other) => other.key.length - one.key.length);
  return (path) => {
    const normal = path.normalize('NFC');
    const own = normal.endsWith(FOLDER) ? undefined : pages.get(normal);
    if (own !== undefined) return { key: normal, access: own };
    const fits = ({ folder }: { folder: string }) =>
      normal === folder || normal.startsWith(`${folder}/`);
    return folders.find(fits) ?? null;
  };
}

/** Who may have what is at a path: whoever is signed in, unless a rule says otherwise. */
export const createFindAccess =
  (findRule: FindRule) =>
  (path: string): Access =>
    findRule(path)?.access ?? 'members';

const findListedRule = createFindRule(accessRules);

/** The site's own rules. The indexes of the search have rules that no list changes. */
export const findRule: FindRule = (path) => findSearchRule(path) ?? findListedRule(path);

export const findAccess = createFindAccess(findRule);

/** Whether anybody may read this path. */
export const isPublicPath = (path: string): boolean => findAccess(path) === 'public';

/**
 * Whether something opens.
 *
 * @param roles of who asks, or null for a visitor
 */
export function mayOpen(access: Access, roles: readonly string[] | null): boolean {
  if (access === 'public') return true;
  if (roles === null) return false;
  return access === 'members' || access.some((role) => roles.includes(role));
}

/** Whether everybody who may have the one may have the other as well. */
export function isWithin(one: Access, other: Access): boolean {
  if (other === 'public' || one === other) return true;
  if (one === 'public') return false;
  if (other === 'members') return true;
  return one !== 'members' && one.every((role) => other.includes(role));
}

/** What people call a role. One without a name is called by its id. */
export const nameRole = (role: string): string =>
  Object.hasOwn(roleNames, role) ? (roleNames[role] ?? role) : role;

const inWords = new Intl.ListFormat('en', { type: 'disjunction' });

/** Who may have something, in words that go on "It is for …". */
export function describeAccess(access: Access): string {
  if (access === 'public') return 'everybody';
  if (access === 'members') return 'people who are logged in';
  if (access.length === 0) return 'nobody';
  const names = access.map((role) => `“${nameRole(role)}”`);
  return `people with the role ${inWords.format(names)}`;
}

const isList = (access: unknown): access is unknown[] => Array.isArray(access);

function explainAccess(access: unknown): string | null {
  if (access === 'public' || access === 'members') return null;
  if (!isList(access)) return `Write 'public', 'members' or a list of roles such as ['gold'].`;
  if (access.length === 0) return 'An empty list opens to nobody: name a role.';
  const wrong = access.find((role) => typeof role !== 'string' || !isRole(role));
  return wrong === undefined ? null : `${JSON.stringify(wrong)} is no role: ${roleRule}.`;
}

function explainKey(key: string): string | null {
  const path = key.endsWith(FOLDER) ? key.slice(0, -FOLDER.length) : key;
  if (!key.startsWith('/')) return 'A path starts with a slash.';
  if (path.includes('*')) return 'A star may only stand at the end, behind a slash.';
  if (/[?#\\]|\/{2}|\/\.{1,2}(\/|$)/.test(path))
    return 'A path has no query, fragment, "//" or "..".';
  if (path.length > 1 && path.endsWith('/')) return 'A path ends without a slash.';
  return null;
}

/** What is wrong with a list of rules, in sentences that begin with the key; none where it is right. */
export function listRuleFaults(rules: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(rules).flatMap(([key, access]) => {
    const fault = explainKey(key) ?? explainAccess(access);
    return fault === null ? [] : `'${key}': ${fault}`;
  });
}
