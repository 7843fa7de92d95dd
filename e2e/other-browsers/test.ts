import { request as requests } from '@playwright/test';
import { createPerson, signUp, type Person } from '../fixtures/people.ts';
import { createClientAddress, expect, test as serverTest } from '../fixtures/server-test.ts';
import { startFirefox } from './firefox.ts';
import type { OtherBrowser, Profile, Tab } from './tab.ts';
import { startWebkit } from './webkit.ts';

/** The engines besides Chromium's. The path of each comes from the environment; empty: it is not here. */
export const engines = {
  Firefox: { program: process.env['FIREFOX_PATH'] ?? '', start: startFirefox },
  WebKit: { program: process.env['WEBKIT_DRIVER_PATH'] ?? '', start: startWebkit },
};
export type Engine = keyof typeof engines;

type WorkerFixtures = { engine: Engine; otherBrowser: OtherBrowser };
type TestFixtures = { profile: Profile; tab: Tab; account: Person };

/** Tests in a browser that Playwright cannot drive. */
export const test = serverTest.extend<TestFixtures, WorkerFixtures>({
  engine: ['Firefox', { option: true, scope: 'worker' }],

  otherBrowser: [
    async ({ engine }, use) => {
      const { program, start } = engines[engine];
      const browser = await start(program);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  profile: async ({ otherBrowser }, use) => {
    const profile = await otherBrowser.openProfile();
    await use(profile);
    await profile.close();
    expect(profile.faults, 'what the pages reported').toEqual([]);
  },

  tab: async ({ profile }, use) => use(await profile.openTab()),

  account: async ({ server }, use) => {
    const headers = { 'x-forwarded-for': createClientAddress() };
    const elsewhere = await requests.newContext({
      baseURL: server.origin,
      extraHTTPHeaders: headers,
    });
    const person = createPerson();
    await signUp(elsewhere, server.origin, person);
    await elsewhere.dispose();
    await use(person);
  },
});

export { expect };
