import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';
import { fieldOf, press, section } from './fixtures/dashboard.ts';
import { expectSignedIn, expectSignedOut, logIn } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson, signUp, type Person } from './fixtures/people.ts';
import type { Server } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

const message = (page: Page) => page.locator('.flash').filter({ hasText: messages.otherPerson });

/** Signs somebody new in in this browser, of which no window hears. */
async function signInSilently(request: APIRequestContext, { origin }: Server): Promise<Person> {
  const person = createPerson({ name: 'Grace Hopper' });
  await signUp(request, origin, person);
  return person;
}

/** The log-in of a window that was opened while nobody was signed in. */
async function openLogin(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/login', { waitUntil: 'networkidle' });
  return page;
}

test('a dashboard in sight gives way at once to who logs in in another window @once', async ({
  page: first,
  context,
  member,
  account,
}) => {
  await first.goto('/dashboard');
  await fieldOf(first, 'profile', 'Name').fill('Countess Ada');
  let loads = 0;
  first.on('load', () => void (loads += 1));
  const second = await context.newPage();
  await second.goto('/logout');
  await second.getByRole('main').getByRole('button', { name: 'Log out' }).click();
  await expect(first).toHaveURL('/login?next=%2Fdashboard#sign-in-required');
  await expect(first.getByText(member.email)).toHaveCount(0);
  await second.goto('/login');
  await logIn(second, account.email, account.password);
  await expect(section(first, 'email').getByText(account.email)).toBeVisible();
  await expect(fieldOf(first, 'profile', 'Name')).toHaveValue(account.name);
  await second.goto('/dashboard', { waitUntil: 'networkidle' });
  expect(loads).toBe(2);
});

for (const path of ['/dashboard', '/secrets']) {
  test(`${path} gives way to who logs in over its person, and says who it is @once`, async ({
    page: first,
    context,
    server,
    account,
  }) => {
    const second = await openLogin(context);
    const member = createPerson({ name: 'Grace Hopper' });
    await signUp(context.request, server.origin, member);
    await first.goto(path);
    await expect(first.getByText(member.name).first()).toBeVisible();
    if (path === '/dashboard') await fieldOf(first, 'profile', 'Name').fill('Typed by Grace');
    let loads = 0;
    first.on('load', () => void (loads += 1));
    await logIn(second, account.email, account.password);
    await expect(second).toHaveURL('/secrets');
    await expect(message(first)).toContainText(`You are logged in as ${account.name}.`);
    expect(await first.content()).not.toContain('Grace');
    if (path === '/dashboard') {
      await expect(fieldOf(first, 'profile', 'Name')).toHaveValue(account.name);
    }
    await second.goto('/dashboard', { waitUntil: 'networkidle' });
    expect(loads).toBe(1);
    await first.reload();
    await expect(message(first)).toHaveCount(0);
  });
}

for (const path of ['/', '/blog/how-a-session-ends']) {
  test(`${path} is shown as who logs in in another window sees it @once`, async ({
    page: first,
    context,
    server,
    account,
  }) => {
    const second = await openLogin(context);
    await signInSilently(context.request, server);
    await first.goto(path);
    await expectSignedIn(first);
    await logIn(second, account.email, account.password);
    await expect(message(first)).toContainText(`You are logged in as ${account.name}.`);
    expect(await first.getByRole('main').innerText()).not.toMatch(
      /Grace|You have read \d|Your account/,
    );
    await second.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
    await expectSignedOut(first);
    await expect(message(first)).toHaveCount(0);
  });
}

test('the list of articles loses what its person has read to who logs in in another window @once', async ({
  page: first,
  context,
  server,
  account,
}) => {
  const second = await openLogin(context);
  await signInSilently(context.request, server);
  await context.request.get('/blog/how-a-session-ends');
  await first.goto('/blog');
  const marks = first.getByRole('main').getByText('Read', { exact: true });
  await expect(marks).toHaveCount(1);
  const left = first.getByText(/You have read \d of 5 free articles/);
  await expect(left).toContainText('You have read 1 of');
  await logIn(second, account.email, account.password);
  await expect(message(first)).toContainText(`You are logged in as ${account.name}.`);
  await expect(marks).toHaveCount(0);
  await expect(left).toHaveCount(0);
  await first.reload();
  await expect(left).toContainText('You have read 0 of');
  await expect(marks).toHaveCount(0);
});

test('a form is refused for somebody else, who is named, and what was typed waits @once', async ({
  page,
  context,
  server,
  member,
  faults,
}) => {
  faults.allow(/^409 POST .*account\.update/);
  await page.goto('/dashboard', { waitUntil: 'networkidle' });
  const name = fieldOf(page, 'profile', 'Name');
  await name.fill('Countess Ada');
  const other = await signInSilently(context.request, server);
  await press(page, 'profile', 'Save profile');
  await expect(message(page)).toContainText(`You are logged in as ${other.name}.`);
  await expect(name).toHaveValue(other.name);
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  await page.goto('/login?next=/dashboard');
  await logIn(page, member.email, member.password);
  await expect(name).toHaveValue('Countess Ada');
});

test('nothing of somebody else is made, sent, shown or ended @once', async ({
  page,
  context,
  server,
  member,
  faults,
}) => {
  faults.allow(/^409 POST /);
  await page.goto('/dashboard', { waitUntil: 'networkidle' });
  for (const [place, button] of [
    ['data', 'Download my data'],
    ['sessions', 'End all other sessions'],
  ] as const) {
    const other = await signInSilently(context.request, server);
    const alone = page.locator('[data-form="end-other-sessions"]');
    if (place === 'sessions') await alone.evaluate((form: HTMLFormElement) => form.requestSubmit());
    else await press(page, place, button);
    await expect(message(page)).toContainText(other.name);
    await context.clearCookies();
    await page.goto('/login?next=/dashboard');
    await logIn(page, member.email, member.password);
    await expect(page).toHaveURL('/dashboard');
  }
  const other = await signInSilently(context.request, server);
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/logout#other-person');
  await expect(message(page)).toContainText(other.name);
  await expectSignedIn(page);
});
