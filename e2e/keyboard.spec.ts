import type { Page } from '@playwright/test';
import { grantRole } from './fixtures/dashboard.ts';
import { expectSignedIn, expectSignedOut, field } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

/** Presses Tab until the element with this role and name has the focus. */
async function tabTo(page: Page, role: 'button' | 'link' | 'checkbox', name: string) {
  const place =
    role === 'link' || name === 'Log out' ? page.getByRole('banner') : page.getByRole('main');
  const target = place.getByRole(role, { name, exact: true });
  for (let press = 0; press < 30; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to the ${role} ${name}.`);
}

async function typeInto(page: Page, label: string, text: string) {
  for (let press = 0; press < 30; press += 1) {
    if (await field(page, label).evaluate((input) => input === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type(text);
}

test('registering, logging out and logging in need no mouse @once', async ({ page }) => {
  const person = createPerson();
  await page.goto('/');
  await tabTo(page, 'link', 'Register');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/register');
  await typeInto(page, 'Name', person.name);
  await typeInto(page, 'Email', person.email);
  await typeInto(page, 'Username (optional)', person.username);
  await typeInto(page, 'Password', person.password);
  await tabTo(page, 'button', 'Show password');
  await page.keyboard.press('Space');
  await expect(field(page, 'Password')).toHaveAttribute('type', 'text');
  await tabTo(page, 'checkbox', 'Stay signed in');
  await page.keyboard.press('Space');
  await tabTo(page, 'button', 'Register');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/secrets#welcome');
  await expectSignedIn(page);

  await page.goto('/secrets');
  await tabTo(page, 'button', 'Log out');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/#signed-out');
  await expect(page.getByText(messages.signedOut)).toBeVisible();
  await expectSignedOut(page);

  await page.goto('/login');
  await typeInto(page, 'Email or username', person.username);
  await typeInto(page, 'Password', person.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/secrets');
});

test('the address of a feed is made, copied and turned off without a mouse @once', async ({
  page,
  context,
  server,
  member,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  grantRole(server, member, 'member');
  await page.goto('/dashboard');
  await page.getByRole('navigation', { name: 'Sections' }).getByText('Feed').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Make an address');
  await page.keyboard.press('Enter');
  const address = page.getByLabel('The new address of your feed');
  await expect(address).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText(messages.feedCopied)).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await expect(address).toHaveValue(copied);
  await tabTo(page, 'button', 'Turn it off');
  await page.keyboard.press('Enter');
  await expect(page.getByText(messages.feedRevoked)).toBeVisible();
  await expect(page.locator('[data-list="feed"]')).toBeFocused();
  await tabTo(page, 'button', 'Make an address');
});

for (const path of ['/', '/login', '/register', '/logout', '/nothing-here']) {
  test(`the first Tab on ${path} offers to skip to the content @once`, async ({ page, faults }) => {
    faults.allow(/^404 GET /);
    await page.goto(path);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: /skip to/i });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const isInMain = await page.evaluate(() => Boolean(document.activeElement?.closest('main')));
    expect(isInMain).toBe(true);
  });
}

for (const path of ['/', '/register', '/secrets']) {
  test(`whatever has the focus on ${path} shows it @once`, async ({ page, context, member }) => {
    if (path === '/register') await context.clearCookies();
    else expect(member.name).toBeTruthy();
    await page.goto(path);
    const shown: string[] = [];
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const isMarked = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        return { html: element.outerHTML.slice(0, 90), isMarked };
      });
      if (!focused || shown.includes(focused.html)) break;
      shown.push(focused.html);
      expect(focused.isMarked, focused.html).toBe(true);
    }
    expect(shown.length).toBeGreaterThan(4);
  });
}
