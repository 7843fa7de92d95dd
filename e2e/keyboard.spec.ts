import type { Locator, Page } from '@playwright/test';
import {
  fieldOf,
  grantRole,
  outdateProofs,
  section,
  signInElsewhere,
} from './fixtures/dashboard.ts';
import { expectSignedIn, expectSignedOut, field } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const MOST_STOPS = 60;

const hasFocus = (target: Locator) =>
  target.evaluate((element) => element === document.activeElement);

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator) {
  for (let press = 0; press < MOST_STOPS; press += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target.toString()}.`);
}

const inHeader = (page: Page, role: 'button' | 'link', name: string) =>
  page.getByRole('banner').getByRole(role, { name, exact: true });

const inMain = (page: Page, role: 'button' | 'link' | 'checkbox', name: string) =>
  page.getByRole('main').getByRole(role, { name, exact: true });

async function typeInto(page: Page, target: Locator, text: string) {
  await tabTo(page, target);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

test('registering, logging out and logging in need no mouse @once', async ({ page }) => {
  const person = createPerson();
  await page.goto('/');
  await tabTo(page, inHeader(page, 'link', 'Register'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/register');
  await typeInto(page, field(page, 'Name'), person.name);
  await typeInto(page, field(page, 'Email'), person.email);
  await typeInto(page, field(page, 'Username (optional)'), person.username);
  await typeInto(page, field(page, 'Password'), person.password);
  await tabTo(page, inMain(page, 'button', 'Show password'));
  await page.keyboard.press('Space');
  await expect(field(page, 'Password')).toHaveAttribute('type', 'text');
  await tabTo(page, inMain(page, 'checkbox', 'Stay signed in'));
  await page.keyboard.press('Space');
  await tabTo(page, inMain(page, 'button', 'Register'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/secrets#welcome');
  await expectSignedIn(page);

  await page.goto('/secrets');
  await tabTo(page, inHeader(page, 'button', 'Log out'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/#signed-out');
  await expect(page.getByText(messages.signedOut)).toBeVisible();
  await expectSignedOut(page);

  await page.goto('/login');
  await typeInto(page, field(page, 'Email or username'), person.username);
  await typeInto(page, field(page, 'Password'), person.password);
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
  await grantRole(server, member, 'member');
  await page.goto('/dashboard');
  await page.getByRole('navigation', { name: 'Sections' }).getByText('Feed').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, inMain(page, 'button', 'Make an address'));
  await page.keyboard.press('Enter');
  const address = page.getByLabel('Your new feed address');
  await expect(address).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText(messages.feedCopied)).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await expect(address).toHaveValue(copied);
  await tabTo(page, inMain(page, 'button', 'Turn it off'));
  await page.keyboard.press('Enter');
  await expect(page.getByText(messages.feedRevoked)).toBeVisible();
  await expect(page.locator('[data-list="feed"]')).toBeFocused();
  await tabTo(page, inMain(page, 'button', 'Make an address'));
});

test('the dashboard needs no mouse, and the focus is never lost @once', async ({
  page,
  server,
  member,
  faults,
}) => {
  faults.allow(/^403 POST .*account\.changeEmail/);
  const { email } = createPerson();
  const goTo = async (title: string) => {
    await page.keyboard.press('ControlOrMeta+Home');
    await tabTo(page, page.getByRole('navigation', { name: 'Sections' }).getByText(title));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  };
  await signInElsewhere(server, member);
  await page.goto('/dashboard');

  await goTo('Where you are signed in');
  await expect(inMain(page, 'button', 'End this session')).toBeFocused();
  await expect(inMain(page, 'button', 'End this session')).toHaveAccessibleDescription(
    'Firefox on Linux',
  );
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').getByText(messages.sessionEnded)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Your devices' })).toBeFocused();

  await outdateProofs(server);
  await page.goto('/dashboard');
  await goTo('Email');
  await typeInto(page, fieldOf(page, 'email', 'Email'), email);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Is it still you?' });
  await expect(dialog.getByLabel('Your password', { exact: true })).toBeFocused();
  for (const name of ['Show your password', 'Continue', 'Cancel']) {
    await page.keyboard.press('Tab');
    await expect(dialog.getByRole('button', { name }), name).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(fieldOf(page, 'email', 'Email')).toBeFocused();
  await expect(inMain(page, 'button', 'Change email')).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Your password', { exact: true })).toBeFocused();
  await page.keyboard.type(member.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').getByText(messages.emailChanged)).toBeVisible();
  await expect(fieldOf(page, 'email', 'Email')).toBeFocused();

  await goTo('Delete account');
  await expect(fieldOf(page, 'delete', 'Type your email to confirm')).toBeFocused();
  await page.keyboard.type(email);
  await tabTo(page, section(page, 'delete').getByRole('button', { name: 'Delete my account' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/#account-deleted');
  await expect(page.getByRole('status').getByText(messages.accountDeleted)).toBeVisible();
});

test('members download, read and come past the meter without a mouse @once', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^402 GET .*\/blog\//);
  await page.goto('/blog');
  const titles = await page.getByRole('article').getByRole('link').allInnerTexts();
  for (const title of titles) {
    await page.goto('/blog');
    await tabTo(page, inMain(page, 'link', title));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: title }), title).toBeVisible();
  }
  await expect(
    page.getByRole('region', { name: 'You have read your 5 free articles' }),
  ).toBeVisible();
  await tabTo(page, inMain(page, 'link', 'Log in'));
  await page.keyboard.press('Enter');
  await typeInto(page, field(page, 'Email or username'), account.username);
  await typeInto(page, field(page, 'Password'), account.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/blog\/./);
  await tabTo(page, inHeader(page, 'link', 'Secrets'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/secrets');
  await tabTo(page, inMain(page, 'link', 'Download the cheat sheet'));
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await coming).suggestedFilename()).toBe('cheat-sheet.pdf');
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

for (const path of ['/', '/register', '/secrets', '/dashboard', '/blog/how-a-session-ends']) {
  test(`whatever has the focus on ${path} shows it @once`, async ({ page, context, member }) => {
    if (path === '/register') await context.clearCookies();
    else expect(member.name).toBeTruthy();
    await page.goto(path);
    const shown: string[] = [];
    for (let press = 0; press < MOST_STOPS; press += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const isMarked = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        return { html: element.outerHTML.slice(0, 300), isMarked };
      });
      if (!focused || shown.includes(focused.html)) break;
      shown.push(focused.html);
      expect(focused.isMarked, focused.html).toBe(true);
    }
    expect(shown.length).toBeGreaterThan(4);
  });
}
