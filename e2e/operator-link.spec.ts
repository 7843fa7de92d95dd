import { expectAccessible } from './fixtures/accessible.ts';
import { grantRole } from './fixtures/dashboard.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { expect, test } from './fixtures/test.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('the dashboard leads operators to their pages, and nobody else', async ({
      page,
      server,
      member,
    }) => {
      const link = page.getByRole('link', { name: 'For operators' });
      await page.goto('/dashboard');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dashboard');
      await expect(link).toHaveCount(0);
      await grantRole(server, member, 'operator');
      await page.reload();
      await expect(link).toBeVisible();
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await link.press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
    });
  });
}
