import { field, fillRegistration, submitButton } from './fixtures/forms.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

// ASVS 6.2.6
test('a button shows the password and hides it again', async ({ page }) => {
  await page.goto('/register');
  const password = field(page, 'Password');
  const show = page.getByRole('button', { name: 'Show password' });
  await password.fill('seven quiet otters');
  await expect(password).toHaveAttribute('type', 'password');
  await expect(show).toHaveAttribute('aria-pressed', 'false');
  await show.click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(password).toHaveValue('seven quiet otters');
  await expect(show).toHaveAttribute('aria-pressed', 'true');
  await show.click();
  await expect(password).toHaveAttribute('type', 'password');
});

test('a shown password is masked again when it is sent', async ({ page, faults }) => {
  faults.allow(/^4(00|29) POST .*auth\.register/);
  await page.goto('/register');
  await fillRegistration(page, createPerson({ email: 'not an email' }));
  await page.getByRole('button', { name: 'Show password' }).click();
  await submitButton(page, 'Register').click();
  await expect(field(page, 'Email')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, 'Password')).toHaveAttribute('type', 'password');
});

// ASVS 6.2.7
test('a password can be pasted @once', async ({ page, context, account }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/login');
  await page.evaluate((text) => navigator.clipboard.writeText(text), account.password);
  await field(page, 'Email or username').fill(account.email);
  await field(page, 'Password').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(field(page, 'Password')).toHaveValue(account.password);
  await submitButton(page, 'Log in').click();
  await expect(page).toHaveURL('/secrets');
});

// ASVS 6.2.7
test('password managers and phones know what each field is for', async ({ page }) => {
  const autocomplete = (label: string) => field(page, label).getAttribute('autocomplete');
  await page.goto('/login');
  expect(await autocomplete('Email or username')).toBe('username webauthn');
  expect(await autocomplete('Password')).toBe('current-password');
  await expect(field(page, 'Email or username')).toHaveAttribute('autocapitalize', /none|off/);
  await page.goto('/register');
  expect(await autocomplete('Name')).toBe('name');
  expect(await autocomplete('Email')).toBe('email');
  expect(await autocomplete('Username (optional)')).toBe('username');
  expect(await autocomplete('Password')).toBe('new-password');
  await expect(field(page, 'Email')).toHaveAttribute('inputmode', 'email');
});

test('Caps Lock is told while a password is typed', async ({ page }) => {
  await page.goto('/login');
  const password = field(page, 'Password');
  const status = page.getByRole('main').getByText('Caps Lock is on.');
  await password.click();
  await page.keyboard.type('a');
  await expect(status).toHaveCount(0);
  await password.dispatchEvent('keydown', { key: 'A', modifierCapsLock: true });
  await expect(status).toBeVisible();
  await expect(status).toHaveRole('status');
  await password.dispatchEvent('keyup', { key: 'CapsLock' });
  await expect(status).toHaveCount(0);
  await password.dispatchEvent('keydown', { key: 'A', modifierCapsLock: true });
  await field(page, 'Email or username').focus();
  await expect(status).toHaveCount(0);
});

test('what a new password must be is said before it is typed', async ({ page, member }) => {
  const said = /At least 12 characters, and not a common password/;
  await page.goto('/dashboard');
  await expect(field(page, 'New password')).toHaveAccessibleDescription(said);
  await page.goto('/reset-password');
  await expect(field(page, 'New password')).toHaveAccessibleDescription(said);
  await page.context().clearCookies();
  await page.goto('/register');
  await expect(field(page, 'Password')).toHaveAccessibleDescription(said);
  expect(member.name).toBeTruthy();
});
