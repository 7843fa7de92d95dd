import path from 'node:path';
import type { Page } from '@playwright/test';
import { fillRegistration } from './fixtures/forms.ts';
import { signUp, type Person } from './fixtures/people.ts';
import { test } from './fixtures/test.ts';

const folder = path.resolve(import.meta.dirname, '../docs/images');

// Always the same person, so that the pictures change only when the pages do.
const ada: Person = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  username: 'ada',
  password: 'seven quiet otters map lanterns',
};

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(async () => document.fonts.ready);
  await page.screenshot({
    path: path.join(folder, `${name}.png`),
    animations: 'disabled',
    caret: 'hide',
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the home page', async ({ page }) => {
      await page.goto('/', { waitUntil: 'networkidle' });
      await take(page, `home-${colorScheme}`);
    });

    test('the registration', async ({ page }) => {
      await page.setViewportSize({ width: 1200, height: 1000 });
      await page.goto('/register', { waitUntil: 'networkidle' });
      await fillRegistration(page, ada);
      await page.getByRole('heading', { level: 1 }).click();
      await take(page, `register-${colorScheme}`);
    });

    test('the members’ page, and on a phone', async ({ page, context, startOwnServer }) => {
      const { origin } = await startOwnServer();
      await signUp(context.request, origin, ada);
      await page.goto(`${origin}/secrets`, { waitUntil: 'networkidle' });
      await take(page, `secrets-${colorScheme}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(`${origin}/secrets`, { waitUntil: 'networkidle' });
      await take(page, `phone-${colorScheme}`);
    });
  });
}
