import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryPages, isPublicPath, LANDING_PATH } from '@latchkey/shared';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';

const siteFile = 'packages/shared/src/site.ts';
const rulesFile = 'packages/shared/src/access-rules.ts';

/** The pages that log people in and out. */
const accountPages = [
  ...entryPages,
  ...['/dashboard', '/dashboard/second-factor', '/dashboard/other-service'],
  ...['/operator', '/operator/person', '/operator/proof', '/operator/health', '/operator/figures'],
  ...['/operator/invitations', '/operator/log', '/operator/mail'],
];
/** What everybody needs who is not logged in: it has to be public. */
const demandedPublic = ['/login', '/_astro/style.css'];

/** A path of LANDING_PATH without its query and fragment. */
const toPath = (address: string) => address.replace(/[?#].*/, '') || '/';
// The files to download are not part of the build.
const isBuilt = (path: string) => !path.startsWith('/download/');

const missingLanding = `People land on ${LANDING_PATH} after they log in, and there is no such page. Write it, or change LANDING_PATH in ${siteFile}.`;

function hasPage(folder: string, path: string): boolean {
  const names = path === '/' ? ['index.html'] : [`${path}.html`, `${path}/index.html`, path];
  return names.some((name) => existsSync(join(folder, decodeURI(name))));
}

/**
 * What a site cannot do without and does not have, in sentences.
 *
 * @param folder of the built site
 */
export function listMissing(
  folder: string,
  { landingPath = LANDING_PATH, isPublic = isPublicPath } = {},
): string[] {
  const landing = toPath(landingPath);
  const lost = accountPages.filter((path) => !hasPage(folder, path));
  const closed = demandedPublic.filter((path) => !isPublic(path));
  return [
    ...(hasPage(folder, '/') ? [] : ['There is no start page. Write src/pages/index.astro.']),
    ...(isBuilt(landing) && !hasPage(folder, landing) ? [missingLanding] : []),
    ...lost.map((path) => `There is no page ${path}. Bring src/pages${path}.astro back.`),
    ...closed.map((path) => {
      const entry = path.startsWith('/_astro/') ? '/_astro/*' : path;
      return `Nobody could log in: write '${entry}': 'public' in ${rulesFile} again.`;
    }),
  ];
}

const fits = (path: string) => {
  const known = toPath(path);
  return ({ patternRegex }: IntegrationResolvedRoute) => patternRegex.test(known);
};

/** Fails the build when the site lacks a page that people are sent to; in development it is said. */
export function requirePages(): AstroIntegration {
  let publicFolder: URL;
  return {
    name: 'require-pages',
    hooks: {
      // Before the routes are resolved: a later hook would come after them.
      'astro:config:setup': ({ config }) => {
        publicFolder = config.publicDir;
      },
      'astro:routes:resolved': ({ routes, logger }) => {
        const isThere =
          routes.some(fits(LANDING_PATH)) ||
          hasPage(fileURLToPath(publicFolder), toPath(LANDING_PATH));
        if (isBuilt(LANDING_PATH) && !isThere) logger.warn(missingLanding);
      },
      'astro:build:done': ({ dir }) => {
        const missing = listMissing(fileURLToPath(dir));
        if (missing.length > 0) throw new Error(missing.join('\n'));
      },
    },
  };
}
