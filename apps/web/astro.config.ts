import { defineConfig } from 'astro/config';
import { checkPublicPaths } from './src/build/check-public-paths.ts';
import { demandPages } from './src/build/demand-pages.ts';
import { forbidLeaks } from './src/build/forbid-leaks.ts';
import { precompress } from './src/build/precompress.ts';
import { readPublicOrigin } from './src/build/public-origin.ts';
import { writeRedirects } from './src/build/write-redirects.ts';

const site = readPublicOrigin(process.env);

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
  markdown: { syntaxHighlight: 'prism' },
  integrations: [writeRedirects(), demandPages(), checkPublicPaths(), forbidLeaks(), precompress()],
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
      ],
    },
  },
  vite: { build: { assetsInlineLimit: 0 } },
});
