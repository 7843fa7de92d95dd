import type { Page } from '@playwright/test';
import { addPerson, outdateResetLinks, printResetLink } from './fixtures/admin.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { signInElsewhere } from './fixtures/dashboard.ts';
import { expectFieldError, expectSignedOut, field, logIn, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll, openWithLateScripts } from './fixtures/layout.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const newPassword = 'nine calm herons fold paper';

async function setPassword(page: Page, password = newPassword): Promise<void> {
  await field(page, 'New password').fill(password);
  await submitButton(page, 'Set password').click();
}

test('a link sets a new password, and every session is over', async ({ page, server, account }) => {
  const isElsewhere = await signInElsewhere(server, account);
  const { link } = await printResetLink(server, account.email);
  await page.goto(link);
  await expect(page).toHaveURL('/reset-password');
  await expect(page).toHaveTitle(/Set a new password/);
  await expect(field(page, 'Reset code')).toBeHidden();
  expect(await isElsewhere()).toBe(true);
  await setPassword(page);
  await expect(page).toHaveURL('/login#password-reset');
  await expect(page.getByRole('status').getByText(messages.passwordReset)).toBeVisible();
  await expectSignedOut(page);
  expect(await isElsewhere()).toBe(false);
  await logIn(page, account.email, newPassword);
  await expect(page).toHaveURL('/secrets');
});

test('the first password of somebody new is set in the same way @once', async ({
  page,
  server,
}) => {
  const person = createPerson();
  const { link } = await addPerson(server, person);
  await page.goto(link);
  await setPassword(page);
  await expect(page.getByText(messages.passwordReset)).toBeVisible();
  await logIn(page, person.email, newPassword);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${person.name}`);
});

test('a link that was used, or is over, says so, and the next one works in the same tab @once', async ({
  page,
  server,
  account,
  faults,
}) => {
  faults.allow(/^400 POST .*auth\.resetPassword/);
  const used = await printResetLink(server, account.email);
  await page.goto(used.link);
  await setPassword(page);
  await expect(page).toHaveURL('/login#password-reset');
  await page.goto(used.link);
  await setPassword(page);
  const invalid = page.getByRole('alert').getByText(messages.invalidResetLink);
  await expect(invalid).toBeVisible();
  await expect(field(page, 'New password')).toHaveValue(newPassword);

  const late = await printResetLink(server, account.email);
  await outdateResetLinks(server);
  await page.goto(late.link);
  await expect(page).toHaveURL('/reset-password');
  await setPassword(page);
  await expect(invalid).toBeVisible();

  const good = await printResetLink(server, account.email);
  await page.evaluate((address) => location.assign(address), good.link);
  await expect(page).toHaveURL('/reset-password');
  await setPassword(page);
  await expect(page).toHaveURL('/login#password-reset');
});

// ASVS 14.2.1
test('the code survives a reload and a way back, and stands in no address @once @page', async ({
  page,
  server,
  account,
}) => {
  const requests: string[] = [];
  page.on('request', (request) =>
    requests.push(`${request.url()} ${request.headers()['referer']}`),
  );
  const { link, code } = await printResetLink(server, account.email);
  await page.goto('/');
  await page.goto(link);
  await page.reload();
  await expect(field(page, 'Reset code')).toBeHidden();
  await page.getByRole('banner').getByRole('link', { name: 'Blog' }).click();
  await expect(page).toHaveURL('/blog');
  await page.goBack();
  await expect(page).toHaveURL('/reset-password');
  await expect(field(page, 'Reset code')).toBeHidden();
  await setPassword(page);
  await expect(page).toHaveURL('/login#password-reset');
  await page.goBack();
  await expect(page).toHaveURL('/');
  expect(requests.join('\n')).toContain('/reset-password');
  expect(requests.filter((line) => line.includes(code) && !line.startsWith(link))).toEqual([]);
});

test('without a code in the address the page asks for it, and takes the link as well @page', async ({
  page,
  server,
  account,
}) => {
  const { link } = await printResetLink(server, account.email);
  await page.goto('/reset-password');
  await expect(field(page, 'Reset code')).toBeVisible();
  await setPassword(page);
  await expectFieldError(field(page, 'Reset code'), /code from your link/);
  await expect(field(page, 'Reset code')).toBeFocused();
  await field(page, 'Reset code').fill(link);
  await submitButton(page, 'Set password').click();
  await expect(page).toHaveURL('/login#password-reset');
});

test('an easy password is told beside its field, and the code is kept @once @page', async ({
  page,
  server,
  account,
  faults,
}) => {
  faults.allow(/^400 POST .*auth\.resetPassword/);
  const { link } = await printResetLink(server, account.email);
  await page.goto(link);
  await setPassword(page, 'short');
  await expectFieldError(field(page, 'New password'), /at least 12/);
  await setPassword(page, 'password1234');
  await expectFieldError(field(page, 'New password'), /harder to guess/);
  await page.getByRole('button', { name: 'Show new password' }).click();
  await setPassword(page);
  await expect(page).toHaveURL('/login#password-reset');
});

test('nothing in the address is shown as a message @once @page', async ({ page }) => {
  for (const [fragment, shown] of [
    ['#token=welcome', [messages.brokenResetLink]],
    ['#token=', [messages.brokenResetLink]],
    ['#<b>hello</b>', []],
    ['?utm_source=newsletter-of-the-twenty-sixth-of-november', []],
  ] as const) {
    await page.goto('/');
    await page.goto(`/reset-password${fragment}`);
    await expect(submitButton(page, 'Set password'), fragment).toBeVisible();
    await expect(page.locator('.flash').filter({ visible: true }), fragment).toHaveText([...shown]);
  }
});

test('somebody who is signed in is signed out by it @once', async ({
  page,
  server,
  member,
  faults,
}) => {
  const { link } = await printResetLink(server, member.email);
  await page.goto(link);
  await expect(page.getByRole('banner').getByRole('link', { name: 'Dashboard' })).toBeVisible();
  await setPassword(page);
  await expect(page).toHaveURL('/login#password-reset');
  await expectSignedOut(page);
  expect(faults.list()).toEqual([]);
});

test('the page fits a narrow window, is accessible, and does not move @page', async ({
  page,
  server,
  account,
}) => {
  const { link } = await printResetLink(server, account.email);
  for (const address of [link, '/reset-password', '/reset-password#invalid-reset-link']) {
    await page.goto('about:blank');
    expect(await openWithLateScripts(page, address), address).toEqual([]);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
});

test('a link with something around it is understood @once @page', async ({
  page,
  server,
  account,
}) => {
  for (const [index, wrap] of [
    (link: string) => `${link}.`,
    (link: string) => `${link}›`,
    (link: string) => `${link}\u200b)`,
    (link: string) => `${link}&utm_source=newsletter`,
    (link: string) => link.replace('#', '%23'),
    (link: string) => link.replace('#token=', '?token='),
    (link: string) => link.replace('/reset-password', '/reset-password/'),
  ].entries()) {
    const { link } = await printResetLink(server, account.email);
    await page.goto(wrap(link));
    await expect(page).toHaveURL('/reset-password');
    await expect(field(page, 'Reset code')).toBeHidden();
    await setPassword(page, `${newPassword} ${index}`);
    await expect(page).toHaveURL('/login#password-reset');
  }
});

test('a link that is broken says so before a password is typed @once @page', async ({
  page,
  server,
  account,
}) => {
  const { link } = await printResetLink(server, account.email);
  const broken = page.getByRole('alert').getByText(messages.brokenResetLink);
  await page.goto(link.slice(0, -2));
  await expect(broken).toBeVisible();
  await expect(field(page, 'Reset code')).toBeVisible();
  await page.evaluate((address) => location.assign(address), link);
  await expect(field(page, 'Reset code')).toBeHidden();
  await page.goto('/');
  await page.goto(link.replace('#', '%23').slice(0, -2));
  await expect(broken).toBeVisible();
  await field(page, 'Reset code').fill(`Your link: ${link}. It works once.`);
  await setPassword(page);
  await expect(page).toHaveURL('/login#password-reset');
});
