import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { startDevSite } from './fixtures/dev-site.ts';
import { expectSignedIn, field, register, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { messages, shownMessages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test as browserTest } from './fixtures/test.ts';

type WorkerFixtures = { devSite: Awaited<ReturnType<typeof startDevSite>> };

const test = browserTest.extend<object, WorkerFixtures>({
  devSite: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are needed from the pattern
    async ({}, use) => {
      // It ends after the pages that a test leaves open, and after the server that asks it.
      await using site = await startDevSite();
      await use(site);
    },
    { scope: 'worker' },
  ],
});

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
      if (javaScriptEnabled) await expect(code).toBeHidden();
      else await code.fill(link);
      await submitButton(tab, 'Confirm this email').click();
      await expect(shownMessages(tab)).toHaveText([messages.welcome]);
      await expectSignedIn(tab);
    }

    test('a developer reads a mail of the site as HTML and as text, and opens its link', async ({
      page,
      devSite,
      startOwnServer,
    }) => {
      // It starts a server of its own.
      test.slow();
      const { origin } = await startOwnServer(devSite.settings);
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
  devSite,
  startOwnServer,
  faults,
}) => {
  // It starts a server of its own.
  test.slow();
  const { origin } = await startOwnServer(devSite.settings);
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
