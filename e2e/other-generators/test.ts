import { test as browserTest } from '../fixtures/test.ts';
import { buildSite, type BuiltSite } from './build-site.ts';
import { generators, type GeneratorName } from './generators.ts';

const nothing: BuiltSite = { folder: '', rules: '', [Symbol.asyncDispose]: async () => undefined };

/** Settings of a server that has a site. */
export const serve = ({ folder, rules }: BuiltSite) => ({ SITE_DIR: folder, ACCESS_RULES: rules });

export type GeneratorOption = { generator: GeneratorName };

/** Tests of a server that has the site of another generator. */
export const test = browserTest.extend<object, GeneratorOption & { site: BuiltSite }>({
  generator: ['Hugo', { option: true, scope: 'worker' }],

  site: [
    async ({ generator }, use) => {
      // The page of each test wants a server before the test can be skipped.
      if (generators[generator].command === null) return use(nothing);
      await using site = await buildSite(generator);
      return await use(site);
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  serverSettings: [
    async ({ site }, use) => use(site === nothing ? {} : serve(site)),
    { scope: 'worker' },
  ],
});

export { expect } from '../fixtures/test.ts';
