import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { signInElsewhere } from './fixtures/dashboard.ts';
import { signUp, type Person } from './fixtures/people.ts';
import type { Server } from './fixtures/server.ts';
import { test } from './fixtures/test.ts';

const folder = path.resolve(import.meta.dirname, '../docs/images');

// Always the same person, so that the pictures change only when the pages do.
const ada: Person = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  username: 'ada',
  password: 'seven quiet otters map lanterns',
};

type Stage = { page: Page; context: BrowserContext; server: Server };

const open = ({ page, server }: Stage, address: string) =>
  page.goto(server.origin + address, { waitUntil: 'networkidle' });

const signIn = ({ context, server }: Stage) => signUp(context.request, server.origin, ada);

/** How each picture's page is reached. */
const pictures: Record<string, (stage: Stage) => Promise<unknown>> = {
  'home-light': (stage) => open(stage, '/'),
  'home-dark': async (stage) => {
    await signIn(stage);
    await open(stage, '/');
  },
  'secrets-dark': async (stage) => {
    await signIn(stage);
    await open(stage, '/secrets');
  },
  'dashboard-light': async (stage) => {
    await signIn(stage);
    await signInElsewhere(stage.server, ada);
    await open(stage, '/dashboard#sessions');
  },
  'article-dark': (stage) => open(stage, '/blog/hashing-passwords-with-scrypt'),
  'paywall-light': async (stage) => {
    const { page } = stage;
    await open(stage, '/blog');
    const links = await page.getByRole('article').getByRole('link').all();
    for (const link of links) {
      await page.request.get(stage.server.origin + ((await link.getAttribute('href')) ?? ''));
    }
    await open(stage, '/blog/static-sites-with-members');
  },
};

/** Waits for the fonts, and makes all moments and addresses one, for the pictures to stay the same. */
const settle = (page: Page) =>
  page.evaluate(async () => {
    await document.fonts.ready;
    for (const time of document.querySelectorAll('time[datetime*="T"]')) {
      time.textContent = '21 November 2026, 10:43';
    }
    for (const address of document.querySelectorAll(
      '.sessions dd:not(:has(time)), .activities bdi',
    )) {
      address.textContent = '2001:db8::7';
    }
  });

for (const [name, reach] of Object.entries(pictures)) {
  test.describe(name, () => {
    const colorScheme = name.endsWith('-dark') ? 'dark' : 'light';
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('is taken', async ({ page, context, faults, startOwnServer }) => {
      faults.allow(/^402 GET /);
      const server = await startOwnServer();
      await reach({ page, context, server });
      await settle(page);
      await page.screenshot({
        path: path.join(folder, `${name}.png`),
        animations: 'disabled',
        caret: 'hide',
      });
    });
  });
}
