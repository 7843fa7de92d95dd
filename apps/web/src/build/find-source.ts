import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeHTML } from 'entities';

const source = /\.(astro|mdx?|html?|css|m?[jt]sx?|svelte|vue)$/;
const test = /\.test\.[jt]s$/;
const folders = ['content', 'pages', 'layouts', 'components', 'lib', 'styles', 'assets']
  .map((name) => `src/${name}`)
  .concat('public');
type Line = { place: string; text: string };

/** The lines of everything that the site is written in, read once. */
export function readSourceLines(root: string): Line[] {
  return folders.flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && source.test(entry.name) && !test.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    return names.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((text, index) => ({ place: `${file.slice(root.length)}:${index + 1}`, text })),
    );
  });
}

/**
 * Where something is written that stands in a page, such as `src/pages/about.astro:12`, or null where
 * it was put together from parts.
 *
 * @param first the file that the page was built from: it is looked at before all others
 */
export function findSource(lines: Line[], written: string, first?: string): string | null {
  const wanted = written.trim();
  if (wanted.length < 3) return null;
  const holds = ({ text }: Line) => text.includes(wanted) || decodeHTML(text).includes(wanted);
  const own = first === undefined ? [] : lines.filter(({ place }) => place.startsWith(`${first}:`));
  return (own.find(holds) ?? lines.find(holds))?.place ?? null;
}
