import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  accessRules,
  findSearchRule,
  isWithin,
  listRuleFaults,
  readAccessMark,
  readFrontMatterAccess,
  type Access,
} from '@latchkey/shared';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';
import { parseFrontmatter } from 'astro/markdown';
import { explainContradiction } from '../lib/access.ts';
import { isAccessKey } from '../lib/front-matter.ts';
import { listBuiltFiles, mapSources, type BuiltFile } from './built-files.ts';

const rulesFile = 'packages/shared/src/access-rules.ts';
const formerList = 'packages/shared/src/public-paths.ts';

/** A sentence for each key that changes nothing: nobody should believe that it does. */
export function listVainKeys(keys: string[]): string[] {
  return keys
    .filter((key) => findSearchRule(key) !== null)
    .map((key) => `  '${key}': The indexes of the search are for those who may read their pages.`);
}

/** What the Markdown file of a page says of who may read it, or null. */
function readOwnAccess(root: string, source: string): Access | null {
  const file = join(root, source);
  if (!/\.(md|mdx|markdown)$/.test(source) || !existsSync(file)) return null;
  const { frontmatter } = parseFrontmatter(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
  const { access, ...others } = frontmatter;
  refuseOtherKey(source, Object.keys(others));
  return readFrontMatterAccess(access, source);
}

/** @throws at a key that is likely meant to say who may read the page: it would be for others */
export function refuseOtherKey(source: string, keys: string[]): void {
  const other = keys.find(isAccessKey);
  if (other === undefined) return;
  throw new Error(
    `${source}: "${other}" is read by nothing here. If it is to say who may read the page, write "access: members", or roles in its place; otherwise take it out.`,
  );
}

/**
 * Why a page is not for whom it says, or null.
 *
 * @param said in its front matter
 * @param html as it was built
 */
export function explainPage(
  { path, source }: { path: string; source: string },
  said: Access | null,
  html: string,
): string | null {
  const marked = readAccessMark(html);
  const isMarked = marked !== null && said !== null && isWithin(said, marked);
  if (said !== null && !(isMarked && isWithin(marked, said))) {
    return `${source} has "access" at its head, and its layout does not hand it on. Use the layout MarkdownPage, or give it to Base: <Base access={…}>.`;
  }
  return marked === null ? null : explainContradiction(source, path, marked);
}

/** @throws where a page and the rules say different things, or a rule cannot be understood */
export function checkAccess(): AstroIntegration {
  let routes: IntegrationResolvedRoute[] = [];
  let root = '';
  return {
    name: 'check-access',
    hooks: {
      'astro:config:setup': ({ config, logger }) => {
        root = fileURLToPath(config.root);
        // A public rule that fits nothing opens nothing, and is named when the site is built.
        const narrowing = Object.entries(accessRules).filter(([, access]) => access !== 'public');
        const rules = Object.fromEntries(narrowing);
        const faults = listRuleFaults(rules).map((fault) => `  ${fault}`);
        faults.push(...listVainKeys(Object.keys(accessRules)));
        if (faults.length > 0) throw new Error([`${rulesFile}:`, ...faults].join('\n'));
        if (existsSync(join(root, '../..', formerList))) {
          logger.warn(`Nothing reads ${formerList} any more. Move its entries to ${rulesFile}.`);
        }
      },
      'astro:routes:resolved': (resolved) => {
        routes = resolved.routes;
      },
      'astro:build:done': async ({ dir, assets }) => {
        const folder = fileURLToPath(dir);
        const sources = mapSources(folder, assets, routes);
        const explain = async ({ name, path }: BuiltFile) => {
          const source = sources.get(name) ?? `public/${name}`;
          const html = await readFile(join(folder, name), 'utf8');
          return explainPage({ path, source }, readOwnAccess(root, source), html);
        };
        const pages = (await listBuiltFiles(folder)).filter(({ name }) => name.endsWith('.html'));
        const faults = (await Promise.all(pages.map(explain))).filter((fault) => fault !== null);
        if (faults.length > 0) throw new Error(faults.join('\n'));
      },
    },
  };
}
