import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Access, SiteAccess } from '@latchkey/shared';
import { splitByRoles } from './audiences.ts';
import type { BuiltFile } from './built-files.ts';
import { createEncodingError, createPublicPartError } from './leak-error.ts';

/** The build of one site: its folder, and by the name of a file what that was built from. */
export type Build = {
  folder: string;
  files: BuiltFile[];
  sources: Map<string, string>;
  access: SiteAccess;
  /** Of a site that was built elsewhere, what is public whatever the rules say; it has no articles. */
  open?: readonly string[];
};

/** What the server reads as a page: of a site that was built elsewhere, in any spelling. */
export const isPage = ({ open }: Build, { name }: BuiltFile) =>
  open === undefined ? name.endsWith('.html') : /\.html?$/i.test(name);

type PageAudiences = {
  /** Who gets a page, by its path. */
  audiences: Map<string, Access>;
  /** Names of pages with parts for roles. A public one is private in part, where the server takes these out. */
  withParts: Set<string>;
};

/**
 * Reads who gets each page.
 *
 * @throws at a page with parts for roles that the server would give to everybody, or cannot read
 */
export async function readPageAudiences(build: Build): Promise<PageAudiences> {
  const { folder, files, sources, access: rules, open } = build;
  const withParts = new Set<string>();
  const audiences = new Map<string, Access>();
  for (const { name, path } of files.filter((file) => isPage(build, file))) {
    const bytes = await readFile(join(folder, name));
    const html = bytes.toString();
    const access = open?.includes(path) ? 'public' : rules.findPage(path, html);
    audiences.set(path, access);
    if (splitByRoles(html, access).length === 1) continue;
    withParts.add(name);
    if (open && !isUtf8(bytes)) throw createEncodingError(name);
    if (!open && access === 'public') throw createPublicPartError(sources.get(name) ?? name);
  }
  return { audiences, withParts };
}
