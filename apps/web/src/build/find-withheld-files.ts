import { isWithin, type Access } from '@latchkey/shared';
import { describeAudience, splitByRoles } from './audiences.ts';
import {
  findElement,
  isElement,
  listChildren,
  parsePage,
  readAttribute,
  type Node,
} from './page-tree.ts';

/** A file of the site and who gets it; with its text where it is a page. */
export type SharedFile = { name: string; access: Access; html?: string };

const ORIGIN = 'https://this-site.invalid';
const loading = /\b(stylesheet|icon|apple-touch-icon|preload|modulepreload|manifest)\b/i;

const listSet = (set: string) => set.split(/,\s+/).map((one) => one.trim().split(/\s+/)[0] ?? '');

/** The addresses that a page loads, as they are written: styles, scripts, pictures, and no links. */
function listLoads(node: Node): string[] {
  const inside = listChildren(node).flatMap(listLoads);
  if (!isElement(node)) return inside;
  const read = (name: string) => readAttribute(node, name) ?? '';
  const isLoading = node.tagName === 'link' && loading.test(read('rel'));
  const own = [read('src'), read('poster'), isLoading ? read('href') : ''];
  return [...own, ...listSet(read('srcset')), ...inside].filter((address) => address !== '');
}

/** The names of the files that a page loads from its own site. */
function listLoadedNames({ name, html = '' }: SharedFile): string[] {
  const [whole] = splitByRoles(html, 'public');
  const page = parsePage(whole?.html ?? '');
  const base = findElement(page, 'base');
  const own = new URL(encodeURI(`/${name}`), ORIGIN);
  const from = URL.parse((base && readAttribute(base, 'href')) ?? '', own) ?? own;
  const urls = listLoads(page).flatMap((address) => URL.parse(address, from) ?? []);
  const names = urls
    .filter(({ origin }) => origin === ORIGIN)
    .map(({ pathname }) => decodeName(pathname.slice(1)));
  return [...new Set(names)];
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

const suggestKey = (name: string) =>
  name.includes('/') ? `/${name.slice(0, name.indexOf('/'))}/*` : `/${name}`;

/** Says which files pages load that not all of their readers may have; nothing where there are none. */
export function explainWithheldFiles(files: SharedFile[]): string[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const found = new Map<string, string>();
  for (const page of files.filter(({ html }) => html !== undefined)) {
    for (const name of listLoadedNames(page)) {
      const loaded = byName.get(name);
      if (!loaded || found.has(name) || isWithin(page.access, loaded.access)) continue;
      const [whose, readers] = [loaded.access, page.access].map(describeAudience);
      found.set(
        name,
        `  ${name} is for ${whose}; ${page.name} loads it, which ${readers} may read.`,
      );
    }
  }
  if (found.size === 0) return [];
  const keys = [...new Set([...found.keys()].map(suggestKey))].map((key) => `'${key}'`);
  return [
    'Pages load files that some of their readers may not have:',
    ...found.values(),
    `Give such files the rule of the page, by a rule such as ${keys.slice(0, 3).join(' or ')}.`,
  ];
}
