import { expectSignedIn, field, logIn, submitButton } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

test('an email and a password log in', async ({ page, account }) => {
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await expect(page).toHaveURL('/login');
  await expect(page).toHaveTitle(/Log in/);
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${account.name}`);
  await expectSignedIn(page);
});

test('a username logs in as well, in any case and with spaces around it @once', async ({
  page,
  account,
}) => {
  await page.goto('/login');
  await logIn(page, ` ${account.username.toUpperCase()} `, account.password);
  await expect(page).toHaveURL('/secrets');
});

test('an email logs in, in any case and with spaces around it @once', async ({ page, account }) => {
  await page.goto('/login');
  await logIn(page, ` ${account.email.toUpperCase()} `, account.password);
  await expect(page).toHaveURL('/secrets');
});

test('a wrong password is told, and only the password has to be typed again', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^401 POST .*auth\.login/);
  await page.goto('/login?next=%2Fsecrets%3Fchapter%3D2');
  await field(page, 'Stay signed in').check();
  await logIn(page, account.email, 'not the right password');
  await expect(page.getByRole('alert').getByText(messages.invalidCredentials)).toBeVisible();
  await expect(page).toHaveURL('/login?next=%2Fsecrets%3Fchapter%3D2');
  await expect(field(page, 'Email or username')).toHaveValue(account.email);
  await expect(field(page, 'Stay signed in')).toBeChecked();
  await expect(field(page, 'Password')).toHaveValue('');
  await expect(field(page, 'Password')).toBeFocused();
  await field(page, 'Password').fill(account.password);
  await submitButton(page, 'Log in').click();
  await expect(page).toHaveURL('/secrets?chapter=2');
});

test('an unknown account is answered with the same words', async ({ page, faults }) => {
  faults.allow(/^401 POST .*auth\.login/);
  const { email, password } = createPerson();
  await page.goto('/login');
  await logIn(page, email, password);
  await expect(page.getByRole('alert').getByText(messages.invalidCredentials)).toBeVisible();
  await expect(field(page, 'Email or username')).toHaveValue(email);
});

test('someone who is signed in is sent on from the form', async ({ page, member }) => {
  await page.goto('/login');
  await expect(page).toHaveURL('/dashboard');
  await page.goto('/login?next=%2Fsecrets%3Fchapter%3D2%26page%3D3');
  await expect(page).toHaveURL('/secrets?chapter=2&page=3');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
});

test('the home page knows who is signed in', async ({ page, member }) => {
  await page.goto('/');
  const main = page.getByRole('main');
  await expect(main.getByText('You are already logged in')).toBeVisible();
  await expect(main.getByText(member.name)).toBeVisible();
  await expect(main.getByRole('link', { name: 'Log in' })).toBeHidden();
  await expect(main.getByRole('link', { name: 'Register' })).toBeHidden();
  await expect(main.getByText('How it works')).toBeHidden();
  await expect(main.getByRole('region', { name: 'New articles' }).getByRole('link')).toHaveCount(4);
  await main.getByRole('link', { name: 'Secrets' }).click();
  await expect(page).toHaveURL('/secrets');
});

test('where it is asked for, the message says what was wrong @once @page', async ({
  page,
  faults,
  startOwnServer,
}) => {
  faults.allow(/^401 POST .*auth\.login/);
  const { origin } = await startOwnServer({ EXPLAIN_LOGIN_ERRORS: 'true' });
  const person = createPerson();
  await page.context().request.post(`${origin}/trpc/auth.register`, {
    data: person,
    headers: { origin },
  });
  await page.context().clearCookies();
  await page.goto(`${origin}/login`);
  await logIn(page, createPerson().email, person.password);
  await expect(page.getByRole('alert').getByText(messages.unknownEmail)).toBeVisible();
  await logIn(page, person.email, 'not the right password');
  await expect(page.getByRole('alert').getByText(messages.wrongPassword)).toBeVisible();
});

test('with passwords at their full cost people register and log in @once @page', async ({
  page,
  startOwnServer,
}) => {
  const { origin } = await startOwnServer({ PASSWORD_SCRYPT_LOG2N: '' });
  const person = createPerson();
  await page.goto(`${origin}/register`);
  await field(page, 'Name').fill(person.name);
  await field(page, 'Email').fill(person.email);
  await field(page, 'Password').fill(person.password);
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL(`${origin}/secrets#welcome`);
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(`${origin}/#signed-out`);
  await page.goto(`${origin}/login`);
  await logIn(page, person.email, person.password);
  await expect(page).toHaveURL(`${origin}/secrets`);
});
