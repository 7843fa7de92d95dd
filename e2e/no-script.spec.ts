import {
  expectSignedIn,
  expectSignedOut,
  field,
  fillRegistration,
  logIn,
  register,
  submitButton,
} from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { messages } from './fixtures/messages.ts';
import { unusualNames } from './fixtures/names.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

test('registering leads to the members’ page with a welcome', async ({ page, context }) => {
  const person = createPerson();
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Register' }).click();
  await fillRegistration(page, person);
  await field(page, 'Stay signed in').check();
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL('/secrets#welcome');
  await expect(page.getByText(messages.welcome)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${person.name}`);
  await expectSignedIn(page);
  const session = (await context.cookies()).find(({ name }) => /^session(-\d+)?$/.test(name));
  expect(session?.expires).toBeGreaterThan(Date.now() / 1000 + 13 * 86_400);
});

test('a visitor logs in and is back at the page that was wanted', async ({ page, account }) => {
  await page.goto('/secrets?chapter=2&title=a%20b%26c');
  await expect(page).toHaveURL(/\/login\?next=[^#]+#sign-in-required$/);
  await expect(page.getByText(messages.signInRequired)).toBeVisible();
  await expect(page.getByText(messages.signInRequired)).toBeInViewport();
  await logIn(page, account.username, account.password);
  await expect(page).toHaveURL('/secrets?chapter=2&title=a%20b%26c');
  await expectSignedIn(page);
});

test('an email address in letters of any language is taken as it is typed @once', async ({
  page,
}) => {
  const person = createPerson();
  const email = `josé-${person.username}@exämple.de`;
  await page.goto('/register');
  await register(page, { ...person, email });
  await expect(page).toHaveURL('/secrets#welcome');
  await page.goto('/dashboard');
  await expect(page.getByText(email).first()).toBeVisible();
  await expect(field(page, 'Email')).toHaveValue(email);
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await page.goto('/login');
  await logIn(page, email.toUpperCase(), person.password);
  await expect(page).toHaveURL('/secrets');
});

test('registering goes on to the page that was wanted @once', async ({ page }) => {
  await page.goto('/register?next=%2Fsecrets%3Fchapter%3D2');
  const { username: _, ...person } = createPerson();
  await register(page, person);
  await expect(page).toHaveURL('/secrets?chapter=2#welcome');
});

test('whoever registers on the way to an article is greeted there @once', async ({ page }) => {
  await page.goto('/register?next=%2Fblog%2Fhow-a-session-ends');
  const { username: _, ...person } = createPerson();
  await register(page, person);
  await expect(page).toHaveURL('/blog/how-a-session-ends#welcome');
  await expect(page.getByText(messages.welcome)).toBeInViewport();
});

test('the way from the log-in to the registration keeps the page that was wanted', async ({
  page,
}) => {
  await page.goto('/secrets?chapter=2');
  await page.getByRole('main').getByRole('link', { name: 'Register' }).click();
  await register(page, createPerson());
  await expect(page).toHaveURL('/secrets?chapter=2#welcome');
});

test('the header’s button logs out', async ({ page, member }) => {
  await page.goto('/');
  await expect(page.getByText('You are already logged in')).toBeVisible();
  await expect(page.getByRole('main').getByText(member.name)).toBeVisible();
  await expect(page.getByRole('banner').getByText(member.name)).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  await expect(page.getByText(messages.signedOut)).toBeVisible();
  await expectSignedOut(page);
  await page.goto('/secrets');
  await expect(page).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
});

test('the page with the button logs out, and Back shows nothing', async ({ page, member }) => {
  await page.goto('/secrets');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
  await page.goto('/logout');
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByText(messages.signedOut)).toBeVisible();
  await page.goBack();
  await expect(page.getByText(member.name)).toBeHidden();
  await page.goBack();
  await expect(page).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
  await expectSignedOut(page);
});

test('a wrong password is told, and only the password has to be typed again', async ({
  page,
  account,
}) => {
  await page.goto('/login?next=%2Fsecrets%3Fchapter%3D2');
  await field(page, 'Stay signed in').check();
  await logIn(page, account.email, 'not the right password');
  await expect(page).toHaveURL('/login?next=%2Fsecrets%3Fchapter%3D2#invalid-credentials');
  await expect(page.getByText(messages.invalidCredentials)).toBeVisible();
  await expect(page.getByText(messages.invalidCredentials)).toBeInViewport();
  await expect(field(page, 'Email or username')).toHaveValue(account.email);
  await expect(field(page, 'Stay signed in')).toBeChecked();
  await expect(field(page, 'Password')).toHaveValue('');
  expect(await page.content()).not.toContain('not the right password');
  await field(page, 'Password').fill(account.password);
  await submitButton(page, 'Log in').click();
  await expect(page).toHaveURL('/secrets?chapter=2');
});

test('what was typed is shown again once, and to nobody else @once', async ({ page, account }) => {
  await page.goto('/login');
  await logIn(page, account.email, 'not the right password');
  await expect(page).toHaveURL('/login#invalid-credentials');
  await expect(field(page, 'Email or username')).toHaveValue(account.email);
  await page.goto('/login');
  await expect(field(page, 'Email or username')).toHaveValue('');
});

test('a taken email leads to the log-in with the address filled in', async ({ page, account }) => {
  await page.goto('/register');
  await register(page, { ...createPerson(), email: account.email });
  await expect(page).toHaveURL('/login#email-taken');
  await expect(page.getByText(messages.emailTaken)).toBeVisible();
  await expect(field(page, 'Email or username')).toHaveValue(account.email);
});

test('a taken username is told, and what was typed stays', async ({ page, account }) => {
  const person = createPerson({ name: `O'Neil "The Pen" <b>`, username: account.username });
  await page.goto('/register');
  await field(page, 'Stay signed in').check();
  await register(page, person);
  await expect(page).toHaveURL(/\/register#/);
  await expect(page.getByText(/username is taken/)).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue(person.name);
  await expect(field(page, 'Email')).toHaveValue(person.email);
  await expect(field(page, 'Username (optional)')).toHaveValue(person.username);
  await expect(field(page, 'Stay signed in')).toBeChecked();
  await expect(field(page, 'Password')).toHaveValue('');
});

test('a password that everybody takes is refused with a reason @once', async ({ page }) => {
  const person = createPerson({ password: 'password1234' });
  await page.goto('/register');
  await register(page, person);
  await expect(page).toHaveURL(/\/register#/);
  await expect(page.getByText(/harder to guess/).filter({ visible: true })).toHaveCount(1);
  await expect(field(page, 'Email')).toHaveValue(person.email);
  await expect(field(page, 'Password')).toHaveValue('');
});

test('a name of spaces gets past the browser, not past the server @once', async ({ page }) => {
  const person = createPerson({ name: '   ' });
  await page.goto('/register');
  await register(page, person);
  await expect(page).toHaveURL(/\/register#/);
  await expect(page.getByText(/enter a name/).filter({ visible: true })).toHaveCount(1);
  await expect(field(page, 'Email')).toHaveValue(person.email);
});

test('the browser itself asks for what is missing', async ({ page }) => {
  await page.goto('/register');
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL('/register');
  await expect(field(page, 'Name')).toBeFocused();
});

test('after five wrong passwords one has to wait @once', async ({ page, account }) => {
  await page.goto('/login');
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await logIn(page, account.email, `wrong password ${attempt}`);
    await expect(page).toHaveURL('/login#invalid-credentials');
    // The address is that of the attempt before; the field is empty on a new page alone.
    await expect(field(page, 'Password')).toHaveValue('');
  }
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/login#too-many-attempts');
  await expect(page.getByText(messages.tooManyAttempts)).toBeVisible();
  const wait = page.getByText(/You can try again in \d+ seconds\./);
  await expect(wait.filter({ visible: true })).toHaveCount(1);
  await expect(field(page, 'Email or username')).toHaveValue(account.email);
});

test('a double click makes one account @once', async ({ page }) => {
  const person = createPerson();
  await page.goto('/register');
  await fillRegistration(page, person);
  await submitButton(page, 'Register').dblclick();
  // The browser drops the first of the two requests, which may have reached the server by then.
  await expect(page).toHaveURL(/\/(secrets#welcome|login#email-taken)$/);
  if (page.url().includes('/login')) {
    await expect(field(page, 'Email or username')).toHaveValue(person.email);
    await logIn(page, person.email, person.password);
  }
  await expect(page).toHaveURL(/\/secrets(#welcome)?$/);
  await expectSignedIn(page);
});

test('a double click logs in @once', async ({ page, account }) => {
  await page.goto('/login');
  await field(page, 'Email or username').fill(account.email);
  await field(page, 'Password').fill(account.password);
  await submitButton(page, 'Log in').dblclick();
  await expect(page).toHaveURL('/secrets');
  await expectSignedIn(page);
});

test('someone who is signed in is sent on from the forms', async ({ page, member }) => {
  for (const path of ['/login', '/register']) {
    await page.goto(path);
    await expect(page, path).toHaveURL('/dashboard');
  }
  await expect(page.getByRole('main').getByText(member.name).first()).toBeVisible();
});

test('nothing is offered that needs a script', async ({ page }) => {
  await page.goto('/login');
  await expect(page.getByRole('button', { name: 'Show password' })).toBeHidden();
});

for (const [title, name] of Object.entries(unusualNames)) {
  const tag = name.length < 80 ? '@once' : [];
  test(`a name with ${title} is shown as it was typed`, { tag }, async ({ page }) => {
    await page.goto('/register');
    await register(page, createPerson({ name }));
    await expect(page).toHaveURL('/secrets#welcome');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
    await expect(page.locator('img[src="x"]')).toHaveCount(0);
    await expectNoSidewaysScroll(page);
    await page.goto('/');
    await expect(page.getByRole('main').getByText(name).first()).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
}
