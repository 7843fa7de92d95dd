import type { Page } from '@playwright/test';
import { field, fillRegistration, logIn, register, submitButton } from './fixtures/forms.ts';
import { holdCalls } from './fixtures/hold.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

function countRequests(page: Page, procedure: string): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes(procedure)) count += 1;
  });
  return () => count;
}

test('a double click makes one account with one request @once', async ({ page, faults }) => {
  const person = createPerson();
  const count = countRequests(page, 'auth.register');
  await page.goto('/register');
  await fillRegistration(page, person);
  await submitButton(page, 'Register').dblclick();
  await expect(page).toHaveURL('/secrets#welcome');
  await expect(page.getByText(messages.welcome)).toBeVisible();
  expect(count()).toBe(1);
  expect(faults.list()).toEqual([]);
});

test('the Enter key sends the form, and twice is once @once', async ({ page, account }) => {
  const count = countRequests(page, 'auth.login');
  await page.goto('/login');
  await field(page, 'Email or username').fill(account.email);
  await field(page, 'Password').fill(account.password);
  await field(page, 'Password').press('Enter');
  await field(page, 'Password')
    .press('Enter', { timeout: 500 })
    .catch(() => undefined);
  await expect(page).toHaveURL('/secrets');
  expect(count()).toBe(1);
});

test('while it is being sent, a form says so and takes no second click @once', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^401 POST .*auth\.login/);
  const release = await holdCalls(page, 'auth.login');
  const button = submitButton(page, 'Log in');
  await page.goto('/login');
  await logIn(page, account.email, 'not the right password');
  await expect(button).toBeDisabled();
  await expect(button).toHaveAttribute('aria-busy', 'true');
  release();
  await expect(page.getByRole('alert').getByText(messages.invalidCredentials)).toBeVisible();
  await expect(button).toBeEnabled();
  await expect(button).not.toHaveAttribute('aria-busy', 'true');
});

test('without a network a message says so, and trying again works @once', async ({
  page,
  context,
  faults,
}) => {
  faults.allow(/^net::ERR_INTERNET_DISCONNECTED /);
  const person = createPerson();
  await page.goto('/register', { waitUntil: 'networkidle' });
  await fillRegistration(page, person);
  await context.setOffline(true);
  await submitButton(page, 'Register').click();
  await expect(page.getByRole('alert').getByText(/cannot be reached/)).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue(person.name);
  await expect(field(page, 'Email')).toHaveValue(person.email);
  await expect(field(page, 'Password')).toHaveValue(person.password);
  await context.setOffline(false);
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL('/secrets#welcome');
});

test('a network that goes before the first key is pressed loses nothing either @once', async ({
  page,
  context,
  faults,
}) => {
  faults.allow(/^net::ERR_INTERNET_DISCONNECTED /);
  const person = createPerson();
  await page.goto('/register');
  await context.setOffline(true);
  await register(page, person);
  await expect(page.getByRole('alert').getByText(/cannot be reached/)).toBeVisible();
  await expect(field(page, 'Email')).toHaveValue(person.email);
  await context.setOffline(false);
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL('/secrets#welcome');
});

for (const [title, answer] of Object.entries({
  'the server’s own refusal': {
    status: 503,
    headers: { 'retry-after': '5' },
    json: {
      error: {
        message: 'Busy',
        code: -32603,
        data: {
          code: 'SERVICE_UNAVAILABLE',
          httpStatus: 503,
          reason: 'overloaded',
          retryAfterSeconds: 5,
        },
      },
    },
  },
  'a proxy’s error page': {
    status: 503,
    contentType: 'text/html',
    body: '<h1>503 Service Unavailable</h1>',
  },
})) {
  test(`a busy server is told as ${title}, and trying again works @once`, async ({
    page,
    account,
    faults,
  }) => {
    faults.allow(/^503 POST .*auth\.login/);
    await page.route('**/trpc/auth.login*', (route) => route.fulfill(answer), { times: 1 });
    await page.goto('/login');
    await logIn(page, account.email, account.password);
    await expect(page.getByRole('alert').getByText(/very busy/)).toBeVisible();
    await expect(field(page, 'Email or username')).toHaveValue(account.email);
    await expect(field(page, 'Password')).toHaveValue(account.password);
    await submitButton(page, 'Log in').click();
    await expect(page).toHaveURL('/secrets');
  });
}

test('a fault of the server is told without detail @once', async ({ page, account, faults }) => {
  faults.allow(/^50[02] POST .*auth\.login/);
  const answer = { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' };
  await page.route('**/trpc/auth.login*', (route) => route.fulfill(answer));
  await page.goto('/login');
  await logIn(page, account.email, account.password);
  await expect(page.getByRole('alert').getByText(/went wrong/)).toBeVisible();
  await expect(field(page, 'Password')).toHaveValue(account.password);
});

test('after five wrong passwords one has to wait, and is told how long @once', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^401 POST .*auth\.login/, /^429 POST .*auth\.login/);
  const alert = page.getByRole('alert');
  await page.goto('/login');
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await logIn(page, account.email, `wrong password ${attempt}`);
    await expect(alert.getByText(messages.invalidCredentials)).toBeVisible();
    await expect(field(page, 'Password')).toHaveValue('');
  }
  await logIn(page, account.email, account.password);
  await expect(alert).toContainText(messages.tooManyAttempts);
  await expect(alert).toContainText(/\b([1-9]|[12]\d|30) seconds?\b/);
  await expect(page).toHaveURL('/login');
  await expect(field(page, 'Email or username')).toHaveValue(account.email);
});

test('who sent the form before the script was there is told how long to wait too @once', async ({
  page,
}) => {
  const sendItself = () =>
    page.locator('form[data-form=login]').evaluate((form: HTMLFormElement) => {
      form.submit();
    });
  await page.goto('/login');
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    await field(page, 'Email or username').fill('nobody@example.com');
    await field(page, 'Password').fill(`wrong password ${attempt}`);
    const shownAgain = page.waitForEvent('load');
    await sendItself();
    await shownAgain;
  }
  await expect(page.getByRole('alert')).toContainText(
    /^Too many attempts\. Please wait and try again\. You can try again in \d+ seconds?\.$/,
  );
});
