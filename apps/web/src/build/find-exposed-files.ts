import { findElement, listAttributes, parsePage } from './page-tree.ts';

/** A public file that is there for a private page alone. */
export type ExposedFile = { file: string; publicFile: string };

const bundled = /(?<=\/)_astro\/[^\s,]+/g;
const program = /\.(m?js|css)$/;
const addresses = new Set(['src', 'srcset', 'href', 'poster', 'data', 'imagesrcset']);

/** The pictures and other files in `/_astro` that a page shows, by their names there. */
export function listBundledFiles(html: string): string[] {
  const page = parsePage(html);
  const values = listAttributes(findElement(page, 'body') ?? page, addresses);
  const names = values.flatMap((value) => value.match(bundled) ?? []);
  return [...new Set(names)].filter((name) => !program.test(name));
}
