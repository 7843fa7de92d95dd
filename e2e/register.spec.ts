import {
  expectFieldError,
  expectSignedIn,
  field,
  fillRegistration,
  logIn,
  register,
  submitButton,
} from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

test('registering leads to the members’ page with a welcome', async ({ page }) => {
  const { username: _, ...person } = createPerson();
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Register' }).click();
  await expect(page).toHaveURL('/register');
  await expect(page).toHaveTitle(/Register/);
  await register(page, person);
  await expect(page).toHaveURL('/secrets#welcome');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${person.name}`);
  await expect(page.getByRole('status').getByText(messages.welcome)).toBeVisible();
  await expectSignedIn(page);
});

test('a username can be chosen, and the browser stay signed in', async ({ page, context }) => {
  const person = createPerson();
  await page.goto('/register');
  await fillRegistration(page, person);
  await field(page, 'Stay signed in').check();
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL('/secrets#welcome');
  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => /^session(-\d+)?$/.test(name));
  const fourteenDays = Date.now() / 1000 + 14 * 86_400;
  expect(Math.abs((session?.expires ?? 0) - fourteenDays)).toBeLessThan(120);
});

test('registering goes on to the page that was wanted @once', async ({ page }) => {
  await page.goto('/secrets?chapter=2');
  await page.getByRole('main').getByRole('link', { name: 'Register' }).click();
  await register(page, createPerson());
  await expect(page).toHaveURL('/secrets?chapter=2#welcome');
  await expect(page.getByText(messages.welcome)).toBeVisible();
});

test('whoever registers on the way to an article is greeted there @once', async ({ page }) => {
  await page.goto('/register?next=%2Fblog%2Fhow-a-session-ends');
  const { username: _, ...person } = createPerson();
  await register(page, person);
  await expect(page).toHaveURL('/blog/how-a-session-ends#welcome');
  await expect(page.getByText(messages.welcome)).toBeInViewport();
});

test('all faults of the form are told at once', async ({ page, account, faults }) => {
  faults.allow(/^400 POST .*auth\.register/);
  await page.goto('/register');
  const { username } = account;
  const faulty = createPerson({ email: 'ada', username, password: 'password12345' });
  await register(page, faulty);
  await expectFieldError(field(page, 'Email'), /@/);
  await expectFieldError(field(page, 'Username (optional)'), /is taken/);
  await expectFieldError(field(page, 'Password'), /too common/);
  await expect(field(page, 'Email')).toBeFocused();
  await expect(page.getByRole('alert').getByText('Please fix the marked fields.')).toBeVisible();
});

test('a taken email leads to the log-in with the address filled in', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^409 POST .*auth\.register/);
  await page.goto('/register?next=%2Fsecrets%3Fchapter%3D2');
  await register(page, { ...createPerson(), email: account.email.toUpperCase() });
  await expect(page).toHaveURL('/login?next=%2Fsecrets%3Fchapter%3D2#email-taken');
  await expect(page.getByText(messages.emailTaken)).toBeVisible();
  await expect(field(page, 'Email or username')).toHaveValue(account.email.toUpperCase());
  await expect(field(page, 'Password')).toBeFocused();
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets?chapter=2');
});

test('a taken username is told next to its field', async ({ page, account, faults }) => {
  faults.allow(/^409 POST .*auth\.register/);
  const person = { ...createPerson(), username: account.username.toUpperCase() };
  await page.goto('/register');
  await register(page, person);
  await expectFieldError(field(page, 'Username (optional)'), /taken/i);
  await expect(field(page, 'Username (optional)')).toBeFocused();
  await expect(field(page, 'Email')).toHaveValue(person.email);
  await field(page, 'Username (optional)').fill(createPerson().username);
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL('/secrets#welcome');
});

test('someone who is signed in is sent on from the form', async ({ page, member }) => {
  await page.goto('/register');
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByRole('main').getByText(member.name).first()).toBeVisible();
});
