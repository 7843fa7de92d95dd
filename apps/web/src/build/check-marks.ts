import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePage, type PageFault } from '@latchkey/shared';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';
import { parse } from 'parse5';
import { listBuiltFiles, mapSources } from './built-files.ts';
import { findSource, readSourceLines } from './find-source.ts';

/** The marks of a page that the server could not fill. */
export function findMarkFaults(html: string): PageFault[] {
  const document = parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false });
  return compilePage(html, document).faults;
}

/** Fails the build when a page has a mark that the server cannot fill, and says where it is written. */
export function checkMarks(): AstroIntegration {
  let routes: IntegrationResolvedRoute[] = [];
  let root = '';
  return {
    name: 'check-marks',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.root);
      },
      'astro:routes:resolved': (resolved) => {
        routes = resolved.routes;
      },
      'astro:build:done': async ({ dir, assets }) => {
        const folder = fileURLToPath(dir);
        const sources = mapSources(folder, assets, routes);
        const told = new Set<string>();
        const lines = readSourceLines(root);
        for (const { name } of await listBuiltFiles(folder)) {
          if (!name.endsWith('.html')) continue;
          const faults = findMarkFaults(await readFile(join(folder, name), 'utf8'));
          for (const { written, sentence } of faults) {
            const first = sources.get(name) ?? `public/${name}`;
            const place = findSource(lines, written, first) ?? first;
            told.add(`  ${place}: ${written} – ${sentence}`);
          }
        }
        if (told.size === 0) return;
        throw new Error(['The server cannot fill these marks. Correct them:', ...told].join('\n'));
      },
    },
  };
}
