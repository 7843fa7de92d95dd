import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { field, logIn, register, submitButton } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson, type Person } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

/** States that a visitor gets a page into. */
const visitorStates: Record<string, (page: Page, account: Person) => Promise<unknown>> = {
  home: (page) => page.goto('/'),
  'home after logging out': async (page) => {
    await page.goto('/#signed-out');
    await expect(page.getByText(messages.signedOut)).toBeVisible();
  },
  'log-in': (page) => page.goto('/login'),
  'log-in that is required': async (page) => {
    await page.goto('/secrets');
    await expect(page.getByText(messages.signInRequired)).toBeVisible();
  },
  'log-in with a wrong password': async (page, { email }) => {
    await page.goto('/login');
    await logIn(page, email, 'not the right password');
    await expect(page.getByText(messages.invalidCredentials)).toBeVisible();
  },
  'log-in that is being sent': async (page, { email }) => {
    await page.route('**/trpc/**', () => undefined);
    await page.goto('/login');
    await logIn(page, email, 'not the right password');
    await expect(submitButton(page, 'Log in')).toBeDisabled();
  },
  registration: (page) => page.goto('/register'),
  'registration with faults': async (page) => {
    await page.goto('/register');
    await submitButton(page, 'Register').click();
    await expect(field(page, 'Name')).toHaveAttribute('aria-invalid', 'true');
  },
  'log-in after a taken email': async (page, { email }) => {
    await page.goto('/register');
    await register(page, createPerson({ email }));
    await expect(page.getByText(messages.emailTaken)).toBeVisible();
  },
  'log-out': (page) => page.goto('/logout'),
  'nothing found': (page) => page.goto('/nothing-here'),
  'a file for members': (page) => page.goto('/secrets.json'),
};

for (const [title, reach] of Object.entries(visitorStates)) {
  test(`a visitor’s page is accessible: ${title}`, async ({ page, account, faults }) => {
    faults.allow(/^(401|404|409) /);
    await reach(page, account);
    await expectAccessible(page);
  });
}

for (const path of ['/', '/secrets#welcome', '/dashboard', '/logout', '/nothing-here']) {
  test(`a member’s page is accessible: ${path}`, async ({ page, member, faults }) => {
    faults.allow(/^404 /);
    await page.goto(path);
    await expect(page.getByRole('banner').getByRole('button', { name: 'Log out' })).toBeVisible();
    await expectAccessible(page);
    expect(member.name).toBeTruthy();
  });
}

test('every page has a title and a heading of its own @once', async ({ page, context, member }) => {
  const titles: string[] = [];
  for (const path of ['/secrets', '/dashboard', '/', '/login', '/register', '/logout']) {
    if (path === '/') await context.clearCookies();
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
    titles.push(await page.title());
  }
  expect(new Set(titles).size).toBe(titles.length);
  expect(member.name).toBeTruthy();
});
