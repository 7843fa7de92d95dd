import { basename } from 'node:path';

/** What other sites call a key, or a near miss of it → ours. */
const otherNames: Record<string, string> = {
  publish: 'draft',
  published: 'draft',
  isdraft: 'draft',
  unpublished: 'draft',
  hidden: 'draft',
  private: 'draft',
  public: 'free',
  visibility: 'access',
  role: 'access',
  roles: 'access',
  tier: 'access',
  tiers: 'access',
  members: 'access',
  description: 'summary',
  excerpt: 'summary',
  pubdate: 'date',
  publishdate: 'date',
  permalink: 'slug',
  url: 'slug',
  alias: 'aliases',
  redirectfrom: 'aliases',
};
/** To miss one of these changes who may read the text. */
const decisive = new Set(['draft', 'free', 'access']);

const findOtherName = (key: string) => otherNames[key.toLowerCase().replaceAll(/[-_]/g, '')];

const meansKey = (key: string, ours: string) => (findOtherName(key) ?? key.toLowerCase()) === ours;

/** Whether a key says that a text is held back, or that it is not. */
export const isDraftKey = (key: string) => meansKey(key, 'draft');

/** Whether a key says who may read a text, as it should be written or not. */
export const isAccessKey = (key: string) => meansKey(key, 'access');

/** How many letters have to be changed, added or taken away (Levenshtein). */
function countChanges(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [column, wanted] of [...other].entries()) {
      const [left = 0, top = 0, corner = 0] = [line[column], above[column + 1], above[column]];
      line.push(Math.min(left + 1, top + 1, corner + Number(letter !== wanted)));
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}

/** The one of some words that a word is most likely meant to be, or undefined. */
export function findNearest(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const near = [...known]
    .map((one) => ({ one, changes: countChanges(lower, one.toLowerCase()) }))
    .filter(({ one, changes }) => changes <= Math.min(2, Math.ceil(one.length / 3)))
    .toSorted((first, second) => first.changes - second.changes);
  return near[0]?.one;
}

/**
 * Looks for keys that nothing reads.
 *
 * @returns a sentence that names them, or null
 * @throws where one of them is likely meant to hold the text back, or to give it to all
 */
export function checkKeys(file: string, data: object, known: Set<string>): string | null {
  const unknown = Object.keys(data).filter((key) => !known.has(key));
  const meant = unknown.map((key) => {
    const other = findOtherName(key) ?? findNearest(key, known);
    return { key, other: other !== undefined && known.has(other) ? other : undefined };
  });
  const risky = meant.find(({ other }) => other !== undefined && decisive.has(other));
  if (risky) {
    throw new Error(
      `${file}: "${risky.key}" is read by nothing here. If it is to say who may read the text, write "${String(risky.other)}: ${risky.other === 'access' ? 'members' : 'true'}"; otherwise take it out.`,
    );
  }
  if (meant.length === 0) return null;
  const names = meant.map(({ key, other }) => (other ? `${key} (did you mean ${other}?)` : key));
  return `${file}: nothing reads ${names.join(', ')}. Known are ${[...known].join(', ')}.`;
}

const notRead = /\.(md|mdx|markdown|mdown|mkdn?|mdwn|html?|txt|rst|adoc|org)$/i;

/** Why a file in a folder of content is not read although it looks like a text, or null. */
export function explainUnread(file: string): string | null {
  const name = basename(file);
  if (name.endsWith('.md')) {
    const isLost = /[#?]/.test(name);
    return isLost ? `${file}: no file with # or ? in its name is read. Rename it.` : null;
  }
  return notRead.test(name)
    ? `${file} is not read: texts are Markdown, in files that end in .md. Rename it, or begin its name with _ to keep it there unread.`
    : null;
}
