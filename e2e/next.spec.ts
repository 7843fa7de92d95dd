import { logIn } from './fixtures/forms.ts';
import { hostileNextPaths, oddNextPaths } from './fixtures/next-paths.ts';
import { expect, test } from './fixtures/test.ts';

// ASVS 3.7.2
test('no `next` leads away from the site @once', async ({ page, context, account }) => {
  test.slow();
  for (const next of hostileNextPaths) {
    await test.step(JSON.stringify(next).slice(0, 60), async () => {
      // A members' page that loses its cookies goes to the log-in by itself.
      await page.goto('about:blank');
      await context.clearCookies();
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      await logIn(page, account.username, account.password);
      await expect(page).toHaveURL('/secrets');
    });
  }
});

test('an odd path of this site stays on this site @once', async ({
  page,
  context,
  account,
  server,
  faults,
}) => {
  faults.allow(/^404 GET /);
  for (const next of oddNextPaths) {
    await test.step(JSON.stringify(next), async () => {
      // A members' page that loses its cookies goes to the log-in by itself.
      await page.goto('about:blank');
      await context.clearCookies();
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      await logIn(page, account.username, account.password);
      await expect(page).not.toHaveURL(/\/login/);
      expect(new URL(page.url()).origin).toBe(server.origin);
    });
  }
});
