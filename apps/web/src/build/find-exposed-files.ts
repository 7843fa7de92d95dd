import type { PublicFile } from './find-leaks.ts';
import { findElement, listAttributes, parsePage } from './page-tree.ts';

/** A page that is not for everybody, and the file that it was written in. */
export type PrivatePage = { file: string; text: string };
/** A public file that is there for a private page alone. */
export type ExposedFile = { file: string; publicFile: string };

const bundled = /(?<=\/)_astro\/[^\s,]+/g;
const program = /\.(m?js|css)$/;
const addresses = new Set(['src', 'srcset', 'href', 'poster', 'data', 'imagesrcset']);

function listBundledFiles(html: string): string[] {
  const page = parsePage(html);
  const values = listAttributes(findElement(page, 'body') ?? page, addresses);
  const names = values.flatMap((value) => value.match(bundled) ?? []);
  return [...new Set(names)].filter((name) => !program.test(name));
}

/** Every picture or other file that private pages bring to `/_astro` and nothing public uses. */
export function findExposedFiles(pages: PrivatePage[], publicFiles: PublicFile[]): ExposedFile[] {
  const isUsed = (name: string) => publicFiles.some(({ text }) => text.includes(name));
  return pages.flatMap(({ file, text }) =>
    listBundledFiles(text)
      .filter((name) => !isUsed(name))
      .map((publicFile) => ({ file, publicFile })),
  );
}
