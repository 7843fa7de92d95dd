import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describePolicy, listDirectives, listSources } from '@latchkey/shared';
import type { AstroIntegration, AstroIntegrationLogger, IntegrationResolvedRoute } from 'astro';
import * as inlineScripts from '../lib/inline-scripts.ts';
import { listBuiltFiles, mapSources } from './built-files.ts';
import {
  findBlocked,
  findBlockedInFile,
  parsePolicy,
  policyOfPage,
  type Blocked,
} from './find-blocked.ts';
import { findSource, readSourceLines } from './find-source.ts';
import { readText } from './read-text.ts';

/** What is larger is no page, style or script that people wrote. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
const MOST_TOLD = 50;
const advice =
  'Put styles and scripts into files, and allow another host by its directive in ALLOWED_HOSTS, in packages/shared/src/site.ts.';

type Told = { place: string; blocked: Blocked };

function describe({ place, blocked: { directive, what } }: Told): string {
  return `  ${place}: ${what.replace(/\s+/g, ' ')} (${directive})`;
}

function warn(logger: AstroIntegrationLogger, told: Told[]): void {
  const lines = [...new Set(told.map(describe))];
  if (lines.length === 0) return;
  const more = lines.length > MOST_TOLD ? [`  … and ${lines.length - MOST_TOLD} more`] : [];
  logger.warn(
    [
      "Browsers will block this: the site's content security policy does not allow it.",
      ...lines.slice(0, MOST_TOLD),
      ...more,
      advice,
    ].join('\n'),
  );
}

/** The policy of pages in development: besides what the build allows, the styles that Vite puts into them. */
function describeDevPolicy(): string {
  const scripts = Object.values(inlineScripts).map(({ hash }) => `'${hash}'`);
  const styles = listSources('style-src').join(' ');
  return [
    ...listDirectives(),
    `script-src ${[...listSources('script-src'), ...scripts].join(' ')}`,
    `style-src ${styles}`,
    `style-src-elem ${styles} 'unsafe-inline'`,
  ].join('; ');
}

async function findInBuild(
  folder: string,
  sources: Map<string, string>,
  root: string,
): Promise<Told[]> {
  const told: Told[] = [];
  const lines = readSourceLines(root);
  for (const { name } of await listBuiltFiles(folder)) {
    if (!/\.(html|css|m?js)$/.test(name)) continue;
    const { text = '' } = (await readText(join(folder, name), MOST_CHARACTERS)) ?? {};
    const written = policyOfPage.exec(text)?.[1]?.replaceAll('&#39;', "'") ?? describePolicy();
    const policy = parsePolicy(written);
    const found = name.endsWith('.html')
      ? findBlocked(text, policy)
      : findBlockedInFile(name, text, policy);
    for (const blocked of found) {
      const source = findSource(lines, blocked.written, sources.get(name) ?? `public/${name}`);
      told.push({ place: source ?? `${relative('.', folder)}/${name}:${blocked.line}`, blocked });
    }
  }
  return told;
}

/** Says what browsers will block of the site, at each build and of each page that is looked at in development. */
export function checkPolicy(): AstroIntegration {
  let routes: IntegrationResolvedRoute[] = [];
  let root = '';
  return {
    name: 'check-policy',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.root);
      },
      'astro:routes:resolved': (resolved) => {
        routes = resolved.routes;
      },
      'astro:build:done': async ({ dir, assets, logger }) => {
        const folder = fileURLToPath(dir);
        warn(logger, await findInBuild(folder, mapSources(folder, assets, routes), root));
      },
      'astro:server:setup': ({ server, logger }) => {
        const known = new Set<string>();
        const check = (path: string, html: string) => {
          const lines = readSourceLines(root);
          const told = findBlocked(html, parsePolicy(describeDevPolicy()))
            // Styles that Vite puts into the page become files of the build.
            .filter(({ what }) => !what.endsWith('in <style>'))
            .map((blocked) => ({
              place: findSource(lines, blocked.written) ?? `${path}:${blocked.line}`,
              blocked,
            }));
          const fresh = told.filter((one) => !known.has(describe(one)));
          fresh.forEach((one) => known.add(describe(one)));
          warn(logger, fresh);
        };
        server.middlewares.use((request, response, next) => {
          const chunks: Buffer[] = [];
          const write = response.write.bind(response);
          const end = response.end.bind(response);
          const isPage = () => String(response.getHeader('content-type')).startsWith('text/html');
          const keep = (chunk: unknown) => {
            if (!isPage()) return;
            if (typeof chunk === 'string' || chunk instanceof Uint8Array)
              chunks.push(Buffer.from(chunk));
          };
          const writeHead = response.writeHead.bind(response);
          response.writeHead = ((...args: Parameters<typeof writeHead>) => {
            if (!response.headersSent)
              response.setHeader('content-security-policy', describeDevPolicy());
            return writeHead(...args);
          }) as typeof response.writeHead;
          response.write = ((...args: Parameters<typeof write>) => {
            keep(args[0]);
            return write(...args);
          }) as typeof response.write;
          response.end = ((...args: Parameters<typeof end>) => {
            keep(args[0]);
            if (chunks.length > 0)
              check(request.url ?? '/', Buffer.concat(chunks).toString('utf8'));
            return end(...args);
          }) as typeof response.end;
          next();
        });
      },
    },
  };
}
