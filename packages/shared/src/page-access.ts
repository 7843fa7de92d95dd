import {
  accessValue,
  findRule,
  isRole,
  isWithin,
  type Access,
  type AccessRule,
  type FindRule,
} from './access.ts';

const meta = /<meta\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi;
/** As generators and minifiers write it: with quotes of either kind, or without. */
const attribute = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]*))/g;

/** Roles as they may be written in one line: with spaces or commas between them. */
const splitRoles = (text: string): string[] => text.split(/[\s,]+/).filter((role) => role !== '');

/** What a text such as `members` or `gold silver` says. */
function parseAccess(text: string): Access {
  const trimmed = text.trim();
  return trimmed === 'public' || trimmed === 'members' ? trimmed : splitRoles(trimmed);
}

/**
 * What the front matter of a text says of who may read it, or null where it says nothing.
 *
 * @param file named in the error
 * @throws where it cannot be understood: the text must not go to more people than it was written for
 */
export function readFrontMatterAccess(value: unknown, file: string): Access | null {
  if (value === undefined || value === null) return null;
  const given = typeof value === 'string' ? parseAccess(value) : accessValue.safeParse(value).data;
  const isKnown = given === 'public' || given === 'members';
  if (isKnown || (given && given.length > 0 && given.every(isRole))) return given;
  throw new Error(
    `${file}: "access" must be public, members or names of roles, such as gold or [gold, silver].`,
  );
}

/** The words that a page's head has for who may read it. */
export const writeAccessMark = (access: Access): string =>
  typeof access === 'string' ? access : access.join(' ');

/** What a built page itself says of who may read it, or null. */
export function readAccessMark(html: string): Access | null {
  const mark = readMeta(html, 'latchkey-access');
  return mark === null ? null : parseAccess(mark);
}

/** Whether a built page asks search engines to leave it out. */
export const isNotIndexed = (html: string): boolean =>
  /\b(noindex|none)\b/i.test(readMeta(html, 'robots') ?? '');

/** The content of the first `meta` element of a name, or null. */
function readMeta(html: string, name: string): string | null {
  if (!html.includes(name)) return null;
  for (const [tag] of html.matchAll(meta)) {
    const attributes = readAttributes(tag);
    if (attributes.get('name') === name) return attributes.get('content') ?? '';
  }
  return null;
}

function readAttributes(tag: string): Map<string, string> {
  const found = [...tag.matchAll(attribute)].map(
    ([, name = '', double, single, bare]) =>
      [name.toLowerCase(), double ?? single ?? bare ?? ''] as const,
  );
  return new Map(found);
}

/** A rule for all of the site is what a page may make an exception of. */
const isCatchAll = ({ key }: AccessRule) => key === '/*';

/** Who may have a page, by the rules and, where those say nothing of it, by its own mark. */
export function findPageAccess(path: string, html: string, find: FindRule = findRule): Access {
  const rule = find(path);
  const own = rule && !isCatchAll(rule) ? null : readAccessMark(html);
  return own ?? rule?.access ?? 'members';
}

/** The rule that says something else of a path than what is there says itself, or null. */
export function findContradiction(path: string, own: Access): AccessRule | null {
  const rule = findRule(path);
  if (!rule || isCatchAll(rule)) return null;
  return isWithin(own, rule.access) && isWithin(rule.access, own) ? null : rule;
}
