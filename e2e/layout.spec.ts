import type { Locator } from '@playwright/test';
import { field, register, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll, openWithLateScripts } from './fixtures/layout.ts';
import { pages } from './fixtures/pages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

// 320 CSS pixels are also what a window of 1280 shows at a zoom of 400 %.
const narrowWidths = [320, 360, 720];

for (const { path, isForMembers } of pages) {
  test(`${path} fits narrow windows, zoom and large text @once`, async ({
    page,
    context,
    member,
    faults,
  }) => {
    faults.allow(/^404 GET /);
    if (!isForMembers) await context.clearCookies();
    await page.goto(path);
    for (const width of narrowWidths) {
      await page.setViewportSize({ width, height: 640 });
      await expectNoSidewaysScroll(page);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await expectNoSidewaysScroll(page);
    expect(member.name).toBeTruthy();
  });
}

test('a form full of faults fits a narrow window @once', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto('/register');
  await submitButton(page, 'Register').click();
  await expect(field(page, 'Name')).toHaveAttribute('aria-invalid', 'true');
  await expectNoSidewaysScroll(page);
});

test.describe('far from Greenwich', () => {
  test.use({ timezoneId: 'Pacific/Kiritimati' });

  const forMembers = ['/', '/secrets', '/blog', '/dashboard', '/dashboard#activity', '/logout'];
  for (const path of forMembers) {
    test(`nothing moves on ${path} when its scripts come late`, async ({ page, member }) => {
      expect(member.name).toBeTruthy();
      expect(await openWithLateScripts(page, path)).toEqual([]);
    });
  }

  for (const path of ['/', '/login#signed-out', '/register', '/blog']) {
    test(`nothing moves for a visitor on ${path} when its scripts come late`, async ({ page }) => {
      expect(await openWithLateScripts(page, path)).toEqual([]);
    });
  }
});

test('the button of a form can be reached with a thumb', async ({ page, faults }) => {
  faults.allow(/^4(00|29) POST .*auth\.register/);
  await page.goto('/register');
  await register(page, createPerson({ email: 'ada' }));
  for (const target of [submitButton(page, 'Register'), field(page, 'Name')]) {
    const box = await target.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
  }
});

/** Clicks so many pixels below the top of something, or above it, whatever lies there. */
async function clickAt(target: Locator, top: number): Promise<void> {
  const box = await target.boundingBox();
  await target.page().mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + top);
}

test('what stands alone can be hit with a thumb', async ({ page }) => {
  await page.goto('/login');
  await clickAt(page.getByText('Not on shared devices.'), 10);
  await expect(field(page, 'Stay signed in')).toBeChecked();
  await field(page, 'Stay signed in').uncheck();
  await clickAt(page.getByRole('main').getByRole('link', { name: 'Register' }), -10);
  await expect(page).toHaveURL('/register');
});
