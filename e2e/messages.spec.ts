/** A message is told once, of what has just happened, and never beside what contradicts it. */
import type { Page } from '@playwright/test';
import { press } from './fixtures/dashboard.ts';
import { expectSignedIn, logIn, register } from './fixtures/forms.ts';
import { contradictions, messages, shownMessages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

/** Notes each text that enters a live region, which is what screen readers announce, on any page from here on. */
async function listenToRegions(page: Page): Promise<string[]> {
  const announced: string[] = [];
  await page.exposeFunction('noteAnnounced', (text: string) => void announced.push(text));
  await page.addInitScript(() => {
    const note = Reflect.get(window, 'noteAnnounced') as (text: string) => void;
    const observer = new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const region = target instanceof Element && target.closest('[data-flash-region]');
        if (!region) continue;
        for (const { textContent } of addedNodes) note((textContent ?? '').trim());
      }
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  return announced;
}

/** Notes each message that is painted while somebody is shown as signed in. */
async function watchMembersMessages(page: Page): Promise<string[]> {
  const painted: string[] = [];
  await page.exposeFunction('notePainted', (text: string) => void painted.push(text));
  await page.addInitScript(() => {
    const note = Reflect.get(window, 'notePainted') as (text: string) => void;
    const look = () => {
      if (document.documentElement.dataset['session'] === 'in') {
        for (const flash of document.querySelectorAll<HTMLElement>('.flash')) {
          if (flash.checkVisibility()) note(flash.innerText);
        }
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return painted;
}

test('who registers is greeted once, not at a reload nor with Back @once', async ({ page }) => {
  await page.goto('/register');
  await register(page, createPerson());
  await expect(page).toHaveURL('/secrets#welcome');
  await expect(page.getByText(messages.welcome)).toBeVisible();
  // At once, while the address still has the message, and once it has lost it.
  await page.reload({ waitUntil: 'networkidle' });
  await expect(shownMessages(page)).toHaveCount(0);
  await page.getByRole('banner').getByRole('link', { name: 'Blog' }).click();
  await expect(page).toHaveURL('/blog');
  await page.goBack({ waitUntil: 'networkidle' });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hello');
  await expect(shownMessages(page)).toHaveCount(0);
  await expect(page).toHaveURL('/secrets');
  await page.reload({ waitUntil: 'networkidle' });
  await expect(shownMessages(page)).toHaveCount(0);
});

test('Back after a log-out and a log-in does not tell of the log-out @once', async ({
  page,
  member,
}) => {
  await page.goto('/');
  await expect(page.getByRole('main').getByText(member.name)).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByText(messages.signedOut)).toBeVisible();
  const painted = await watchMembersMessages(page);
  await page.getByRole('banner').getByRole('link', { name: 'Log in' }).click();
  await logIn(page, member.email, member.password);
  await expect(page).toHaveURL('/secrets');
  await page.goBack({ waitUntil: 'networkidle' });
  await expect(page).toHaveURL(/\/(#signed-out)?$/);
  await expect(page.getByRole('main').getByText(member.name)).toBeVisible();
  await expect(page.getByText(messages.signedOut)).toBeHidden();
  await page.reload({ waitUntil: 'networkidle' });
  await expect(shownMessages(page)).toHaveCount(0);
  expect(painted).toEqual([]);
});

for (const path of contradictions.signedIn) {
  test(`${path} says nothing to who is logged in @once`, async ({ page, member }) => {
    const painted = await watchMembersMessages(page);
    await page.goto(path, { waitUntil: 'networkidle' });
    await expectSignedIn(page);
    expect(member.name).toBeTruthy();
    await expect(shownMessages(page)).toHaveCount(0);
    expect(painted).toEqual([]);
  });
}

for (const path of contradictions.signedOut) {
  test(`${path} says nothing to a visitor @once`, async ({ page }) => {
    await page.goto(path, { waitUntil: 'networkidle' });
    await expect(shownMessages(page)).toHaveCount(0);
  });
}

test('each message is announced once @once', async ({ page, account, faults }) => {
  faults.allow(/^40[01] POST .*auth\.login/);
  const announced = await listenToRegions(page);
  const hear = async (message: string) => {
    await expect.poll(() => announced).toEqual([message]);
    await page.waitForLoadState('networkidle');
    expect(announced.splice(0)).toEqual([message]);
  };
  await page.goto('/secrets');
  await hear(messages.signInRequired);
  await logIn(page, account.email, 'a wrong password');
  await hear(messages.invalidCredentials);
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets');
  await page.goto('/dashboard', { waitUntil: 'networkidle' });
  await press(page, 'email', 'Change email');
  await hear(messages.nothingChanged);
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await hear(messages.signedOut);
  expect(announced).toEqual([]);
});
