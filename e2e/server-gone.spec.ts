import type { Page } from '@playwright/test';
import { fieldOf, outdateProofs, press, section } from './fixtures/dashboard.ts';
import { expectSignedIn, field, fillRegistration, submitButton } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson, signUp } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const unreachable = /The server cannot be reached/;

// The script of a form may be under way when the server goes.
const gone = /^net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE) /;

test.beforeEach(({ faults }) => faults.allow(gone));

const logOutButton = (page: Page) =>
  page.getByRole('banner').getByRole('button', { name: 'Log out' });

for (const moment of ['before', 'after'] as const) {
  test(`a registration keeps what was typed ${moment} the server went @once`, async ({
    page,
    startOwnServer,
  }) => {
    const server = await startOwnServer();
    const person = createPerson();
    await page.goto(`${server.origin}/register`);
    if (moment === 'after') await server.end();
    await fillRegistration(page, person);
    if (moment === 'before') await server.end();
    await submitButton(page, 'Register').click();
    await expect(page.getByRole('alert').getByText(unreachable)).toBeVisible();
    await expect(submitButton(page, 'Register')).toBeEnabled();
    await expect(field(page, 'Email')).toHaveValue(person.email);
    await expect(field(page, 'Password')).toHaveValue(person.password);
    await server.restart();
    await submitButton(page, 'Register').click();
    await expect(page).toHaveURL(`${server.origin}/secrets#welcome`);
  });
}

test('every form of the dashboard says that the server is gone, and works when it is back @once', async ({
  page,
  context,
  startOwnServer,
}) => {
  const server = await startOwnServer();
  const person = createPerson();
  const { email } = createPerson();
  await signUp(context.request, server.origin, person);
  await page.goto(`${server.origin}/dashboard`);
  await server.end();
  await fieldOf(page, 'profile', 'Name').fill('Countess Ada');
  await fieldOf(page, 'email', 'Email').fill(email);
  await fieldOf(page, 'password', 'Current password').fill(person.password);
  await fieldOf(page, 'password', 'New password').fill('nine calm herons fold paper');
  await fieldOf(page, 'delete', 'Type your email to confirm').fill(person.email);
  for (const [id, name] of [
    ['profile', 'Save profile'],
    ['email', 'Change email'],
    ['password', 'Change password'],
    ['data', 'Download my data'],
    ['delete', 'Delete my account'],
  ] as const) {
    await press(page, id, name);
    await expect(
      section(page, id).getByRole('alert').getByText(unreachable),
      `${id} ${name}`,
    ).toBeVisible();
    await expect(section(page, id).getByRole('button', { name }), `${id} ${name}`).toBeEnabled();
    await expect(section(page, id).getByRole('button', { name }), `${id} ${name}`).toBeFocused();
  }
  await expect(fieldOf(page, 'email', 'Email')).toHaveValue(email);
  await expect(fieldOf(page, 'password', 'New password')).toHaveValue(
    'nine calm herons fold paper',
  );
  await server.restart();
  await press(page, 'profile', 'Save profile');
  await expect(page.getByRole('status').getByText(messages.profileSaved)).toBeVisible();
  await expect(page.getByText(unreachable)).toBeHidden();
});

test('the dialog keeps the password while the server is gone @once', async ({
  page,
  context,
  faults,
  startOwnServer,
}) => {
  faults.allow(/^403 POST .*account\.changeEmail/);
  const server = await startOwnServer();
  const person = createPerson();
  await signUp(context.request, server.origin, person);
  await outdateProofs(server);
  await page.goto(`${server.origin}/dashboard`);
  await fieldOf(page, 'email', 'Email').fill(createPerson().email);
  await press(page, 'email', 'Change email');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password', { exact: true }).fill(person.password);
  await server.end();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('alert').getByText(unreachable)).toBeVisible();
  await expect(dialog.getByLabel('Your password', { exact: true })).toHaveValue(person.password);
  await server.restart();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('status').getByText(messages.emailChanged)).toBeVisible();
});

for (const path of ['/', '/blog/how-a-session-ends', '/secrets', '/dashboard']) {
  test(`logging out on ${path} waits for the server to come back @once`, async ({
    page,
    context,
    startOwnServer,
  }) => {
    const server = await startOwnServer();
    await signUp(context.request, server.origin, createPerson());
    await page.goto(server.origin + path);
    await server.end();
    await logOutButton(page).click();
    await expect(page.getByRole('alert').getByText(unreachable)).toBeVisible();
    await expect(logOutButton(page)).toBeFocused();
    await expectSignedIn(page);
    await server.restart();
    await logOutButton(page).click();
    await expect(page).toHaveURL(`${server.origin}/#signed-out`);
  });
}
