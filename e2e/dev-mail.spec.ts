import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { startDevSite } from './fixtures/dev-site.ts';
import { field, register, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

// The page is for who comes from this machine, without a proxy on the way.
test.use({ extraHTTPHeaders: {} });

/** Looks again until a mail is there: the queue takes a moment. */
async function openMail(page: Page, subject: RegExp): Promise<void> {
  await expect(async () => {
    await page.getByRole('link', { name: 'Look again' }).click();
    await expect(page.getByRole('heading', { level: 2, name: subject })).toBeVisible({
      timeout: 500,
    });
  }).toPass();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    /** Confirms the email in the tab that the link of a mail opened; without a script it is pasted. */
    async function confirm(tab: Page, link: string): Promise<void> {
      await expect(tab).toHaveURL(/\/confirm-email/);
      const code = field(tab, 'Confirmation code');
      if (!javaScriptEnabled) await code.fill(link);
      await submitButton(tab, 'Confirm this email').click();
      await expect(tab).toHaveURL(/\/secrets#welcome$/);
      await expect(tab.locator('#welcome')).toBeVisible();
    }

    test('a developer reads a mail of the site as HTML and as text, and opens its link @once', async ({
      page,
      startOwnServer,
      faults,
    }) => {
      // What stands in for Astro's server may miss a style or a picture on a busy machine.
      faults.allow(/^503 GET .*\/(_astro\/|favicon)/);
      faults.allow(/^console: Refused to apply style/);
      // It starts a server of its own.
      test.slow();
      await using site = await startDevSite();
      const { origin } = await startOwnServer(site.settings);
      const person = createPerson();
      await page.goto(`${origin}/dev/mail`);
      await expect(page.getByText('No mail waits.')).toBeVisible();
      await page.goto(`${origin}/register`);
      await register(page, person);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your email');
      await page.goto(`${origin}/dev/mail`);
      await openMail(page, /Confirm your email/);
      await expect(page.getByText(`To ${person.email},`)).toBeVisible();
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);

      const text = page.locator('pre').getByRole('link', { name: '/confirm-email#' });
      const link = (await text.getAttribute('href')) ?? '';
      const html = page.frameLocator('iframe').getByRole('link', { name: 'Confirm this email' });
      await expect(html).toHaveAttribute('href', link);
      for (const way of [html, text]) {
        const opening = page.waitForEvent('popup');
        await way.click();
        const tab = await opening;
        await expect(tab.getByRole('heading', { level: 1 })).toHaveText('Confirm your email');
        if (way === text) await confirm(tab, link);
        await tab.close();
      }
    });
  });
}

test('the mails of a development server are for this machine alone @once', async ({
  page,
  request,
  startOwnServer,
  faults,
}) => {
  // It starts a server of its own.
  test.slow();
  await using site = await startDevSite();
  const { origin } = await startOwnServer(site.settings);
  await page.goto(`${origin}/register`);
  await register(page, createPerson());
  await expect(page).toHaveURL(/\/check-email/);
  await page.goto(`${origin}/dev/mail`);
  await openMail(page, /Confirm your email/);
  for (const path of ['/dev/mail', '/dev/mail/1']) {
    expect((await request.get(origin + path)).status(), path).toBe(200);
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    const answer = await request.get(origin + path, { headers });
    expect([answer.status(), await answer.text()]).toEqual([
      404,
      expect.not.stringContaining('confirm-email'),
    ]);
  }
  faults.allow(/^404 GET .*\/dev\/mail$/);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.7' });
  await page.goto(`${origin}/dev/mail`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
});

test('a server without the word for it has no such page @once', async ({ page, faults }) => {
  faults.allow(/^404 GET .*\/dev\/mail(\/1)?$/);
  for (const path of ['/dev/mail', '/dev/mail/1']) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  }
});
