import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { fillRegistration, logIn, submitButton } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test as base } from './fixtures/test.ts';

/** A browser whose settings block all cookies. */
const test = base.extend<{ openBlocked: (javaScriptEnabled: boolean) => Promise<Page> }>({
  openBlocked: async ({ server, launchOptions, extraHTTPHeaders, locale }, use) => {
    const profile = await mkdtemp(path.join(tmpdir(), 'latchkey-profile-'));
    const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
    await mkdir(path.join(profile, 'Default'));
    await writeFile(path.join(profile, 'Default/Preferences'), JSON.stringify(settings));
    const ends: (() => Promise<void>)[] = [];
    await use(async (javaScriptEnabled) => {
      const context = await chromium.launchPersistentContext(profile, {
        ...launchOptions,
        baseURL: server.origin,
        ...(locale && { locale }),
        ...(extraHTTPHeaders && { extraHTTPHeaders }),
        javaScriptEnabled,
      });
      ends.push(() => context.close());
      return context.newPage();
    });
    for (const end of ends) await end();
    await rm(profile, { recursive: true, force: true });
  },
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without';

  test(`a log-in ${how} JavaScript says that cookies are blocked @once`, async ({
    openBlocked,
    account,
  }) => {
    const page = await openBlocked(javaScriptEnabled);
    await page.goto('/secrets?chapter=2');
    await expect(page).toHaveURL(/\/login\?next=%2Fsecrets%3Fchapter%3D2/);
    await logIn(page, account.email, account.password);
    await expect(page.getByText(messages.cookiesBlocked)).toBeVisible();
    await expect(page.getByText(messages.signInRequired)).toBeHidden();
    expect(new URL(page.url()).search).toBe('?next=%2Fsecrets%3Fchapter%3D2');
  });

  test(`a registration ${how} JavaScript says it too, where to log in @once`, async ({
    openBlocked,
  }) => {
    const page = await openBlocked(javaScriptEnabled);
    await page.goto('/register?next=%2Fblog');
    await fillRegistration(page, createPerson());
    await submitButton(page, 'Register').click();
    await expect(page.getByText(messages.cookiesBlocked)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log in');
    expect(page.url()).toContain('/login?next=%2Fblog');
  });
}
