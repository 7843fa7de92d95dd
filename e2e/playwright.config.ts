/**
 * Each worker starts a server of its own on a free port, with its own folder of data, and serves the
 * site that was built before: see fixtures/server.ts.
 *
 * CHROMIUM_PATH names the browser; without it Playwright's own is taken. With E2E_DATABASE_URL
 * (postgres://…, whose user may make databases) the core journeys run once more beside that database, and
 * those of logging in, where NGINX_PATH names an nginx, once more through the processes of `npm run cluster`.
 */
import {
  defineConfig,
  devices,
  type PlaywrightTestOptions,
  type PlaywrightWorkerOptions,
  type Project,
} from '@playwright/test';
import { ownSite } from './fixtures/own-site.ts';
import { nginx } from './fixtures/nginx.ts';
import type { ServerOptions } from './fixtures/server-test.ts';
import type { Engine } from './other-browsers/test.ts';
import type { GeneratorOption } from './other-generators/test.ts';

type EngineOption = { engine: Engine };

const executablePath = process.env['CHROMIUM_PATH'];
const databaseUrl = process.env['E2E_DATABASE_URL'];
const isRoot = process.getuid?.() === 0;

/**
 * Chromium shows what drops down from its address bar with a page and a process of its own in each
 * window: half of a short test's processor time, for what no test sees. It obeys the last list of
 * features alone, so those that Playwright switches off are here again.
 */
const withoutFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
];

const quietArgs = [
  `--disable-features=${withoutFeatures.join()}`,
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * For the tests that say the same at every size. No script of the site asks for the window's size or
 * for a finger: only style sheets do, so a size changes where things are and never what is sent.
 */
const once = /@once/;
/** For the tests of a page alone, or of a server that has SQLite: no other database changes them. */
const ofThePage = /@page/;
const withoutBrowser = /(http|auth|cache|cluster|restart|trpc|program)\.spec\.ts$/;
const withoutScript = /no-script.*\.spec\.ts$/;
/** The site of this project; all others run on a site of their own. */
const theOwners = /own-site\.spec\.ts$/;
const screenshots = /screenshots\.spec\.ts$/;
/** Firefox and WebKit: each has a project of its own. */
const otherBrowsers = /other-browsers\.spec\.ts$/;
/** Sites of Hugo, Eleventy and Starlight, likewise. */
const otherGenerators = /(other-generators|eleventy|starlight)\.spec\.ts$/;

const elsewhere = [
  withoutBrowser,
  withoutScript,
  screenshots,
  otherBrowsers,
  otherGenerators,
  theOwners,
];

/** They run once more on PostgreSQL; those of logging in also through several processes behind nginx. */
const coreJourneys = /(register|login|logout|members|dashboard|reset-password|blog)\.spec\.ts$/;

const desktop = { viewport: { width: 1440, height: 900 } };
const phone = { ...devices['Pixel 7'], viewport: { width: 360, height: 740 } };

const projects: Project<
  PlaywrightTestOptions,
  PlaywrightWorkerOptions & ServerOptions & EngineOption & GeneratorOption
>[] = [
  { name: 'http', testMatch: withoutBrowser },
  {
    name: 'desktop',
    testIgnore: elsewhere,
    use: desktop,
  },
  {
    name: 'phone',
    testIgnore: elsewhere,
    grepInvert: once,
    use: phone,
  },
  {
    name: 'desktop without script',
    testMatch: withoutScript,
    use: { ...desktop, javaScriptEnabled: false },
  },
  {
    name: 'phone without script',
    testMatch: withoutScript,
    grepInvert: once,
    use: { ...phone, javaScriptEnabled: false },
  },
];

projects.push({
  name: 'own site',
  testMatch: theOwners,
  use: { ...desktop, serverSettings: { ...ownSite, FREE_READS: '1000' } },
});

for (const engine of ['Firefox', 'WebKit'] as const) {
  projects.push({ name: engine, testMatch: otherBrowsers, use: { engine } });
}

for (const generator of ['Hugo', 'Eleventy', 'Starlight'] as const) {
  const own = new RegExp(`(other-generators|${generator.toLowerCase()})\\.spec\\.ts$`);
  projects.push({ name: generator, testMatch: own, use: { ...desktop, generator } });
}

if (databaseUrl) {
  projects.push({
    name: 'desktop on PostgreSQL',
    testMatch: coreJourneys,
    testIgnore: withoutScript,
    grepInvert: ofThePage,
    use: { ...desktop, serverSettings: { DATABASE_URL: databaseUrl } },
  });
}

if (databaseUrl && nginx) {
  projects.push({
    name: 'desktop through three processes',
    testMatch: /(register|login|logout|members)\.spec\.ts$/,
    testIgnore: withoutScript,
    grepInvert: ofThePage,
    use: { ...desktop, processes: 3, serverSettings: { DATABASE_URL: databaseUrl } },
  });
}

export default defineConfig<
  PlaywrightTestOptions,
  PlaywrightWorkerOptions & ServerOptions & EngineOption & GeneratorOption
>({
  testDir: '.',
  globalSetup: '../scripts/fixture.mjs',
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: isRoot ? ['--no-sandbox', ...quietArgs] : quietArgs,
    },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
  },
  projects,
});
