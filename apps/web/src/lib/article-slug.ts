import { slug as slugify } from 'github-slugger';

const LONGEST = 200;
// eslint-disable-next-line no-control-regex -- control characters are what it must find
const impossible = /[\u0000-\u001f\u007f-\u009f/\\?#%]/;
/** What has an address of its own where the articles are. */
const reserved = /^(index|articles\.json)$|\.html$/i;

/**
 * The last part of an article's address: its `slug`, or else made from the name of its file.
 *
 * @param entry the file's name below the folder of the articles
 * @throws naming the file, where no address can end so
 */
export function readSlug(entry: string, given?: unknown): string {
  const bare = entry.replace(/\.md$/, '');
  if (given === undefined)
    return (
      bare
        .split('/')
        .map((part) => slugify(part))
        .join('/') || refuse(entry, '')
    );
  const isText = typeof given === 'string' || typeof given === 'number';
  const slug = isText ? String(given).normalize('NFC') : '';
  const isPossible =
    slug !== '' &&
    slug.length <= LONGEST &&
    slug.trim() === slug &&
    !impossible.test(slug) &&
    !/^\.+$|\.$/.test(slug) &&
    !reserved.test(slug);
  return isPossible ? slug : refuse(entry, slug);
}

function refuse(entry: string, slug: string): never {
  throw new Error(
    `src/content/blog/${entry} can have no address that ends in "${slug}". Give it another "slug": up to ${LONGEST} letters, digits, spaces, dots and signs, but none of / \\ ? # %, no space or dot at its end, and not "index", "articles.json" or a name in .html.`,
  );
}

const isPath = (alias: string) => alias.startsWith('/');

/** Former addresses as paths: a word alone is an article's former slug. */
export function readAliases(aliases: string[]): string[] {
  return aliases.map((alias) => (isPath(alias) ? alias : `/blog/${alias}`).normalize('NFC'));
}
