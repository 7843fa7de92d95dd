import { satteri } from '@astrojs/markdown-satteri';
import { listDirectives, listSources } from '@latchkey/shared';
import type { AstroUserConfig } from 'astro';
import { defineConfig } from 'astro/config';
import { alignCells } from './src/build/align-cells.ts';
import { checkAccess } from './src/build/check-access.ts';
import { checkMarks } from './src/build/check-marks.ts';
import { checkPolicy } from './src/build/check-policy.ts';
import { checkRules } from './src/build/check-rules.ts';
import { requirePages } from './src/build/require-pages.ts';
import { forbidLeaks } from './src/build/forbid-leaks.ts';
import { precompress } from './src/build/precompress.ts';
import { readPublicOrigin } from './src/build/public-origin.ts';
import { refuseDraftPages } from './src/build/refuse-draft-pages.ts';
import { trimPolicies } from './src/build/trim-policy.ts';
import { writeRedirects } from './src/build/write-redirects.ts';
import { writeSearch } from './src/build/write-search.ts';

const site = readPublicOrigin(process.env);

type Csp = Exclude<NonNullable<AstroUserConfig['security']>['csp'], boolean | undefined>;
type CspDirectives = NonNullable<Csp['directives']>;

export default defineConfig({
  ...(site && { site }),
  output: 'static',
  trailingSlash: 'never',
  // Two files of one address, such as two articles: one would be lost.
  prerenderConflictBehavior: 'error',
  build: { format: 'file', inlineStylesheets: 'never' },
  // Its marks on every element would hide the empty slots that the server fills.
  devToolbar: { enabled: false },
  // It marks code with classes. Shiki's colours are inline styles, which the policy below forbids.
  markdown: { syntaxHighlight: 'prism', processor: satteri({ hastPlugins: [alignCells] }) },
  integrations: [
    writeRedirects(),
    requirePages(),
    refuseDraftPages(),
    checkAccess(),
    checkRules(),
    trimPolicies(),
    checkMarks(),
    checkPolicy(),
    writeSearch(),
    forbidLeaks(),
    precompress(),
  ],
  security: {
    csp: {
      directives: listDirectives() as CspDirectives,
      scriptDirective: { resources: listSources('script-src') },
      styleDirective: { resources: listSources('style-src') },
    },
  },
  vite: { build: { assetsInlineLimit: 0 } },
});
