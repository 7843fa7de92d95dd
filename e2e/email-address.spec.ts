import { expectFieldError, field, logIn, register, submitButton } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

test('an email address works as it is typed or pasted, and is shown as it is read', async ({
  page,
}) => {
  const person = createPerson();
  const email = `ada-${person.username}@exämple.de`;
  await page.goto('/register');
  await register(page, { ...person, email });
  await expect(page).toHaveURL('/secrets#welcome');
  await page.goto('/dashboard');
  await expect(page.getByText(email).first()).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/(#signed-out)?$/);
  await page.goto('/login');
  await logIn(page, `\u200B${email.toUpperCase()}\u200E`, person.password);
  await expect(page).toHaveURL('/secrets');
  await page.goto('/dashboard');
  await field(page, 'Type your email to confirm').fill(email);
  await submitButton(page, 'Delete my account').click();
  await expect(page.getByText(messages.accountDeleted)).toBeVisible();
});

test('what is wrong with an email address is said beside it @once', async ({ page, faults }) => {
  faults.allow(/^400 POST .*auth\.register/);
  await page.goto('/register');
  for (const [email, sentence] of [
    ['ada.example.com', /needs an @/],
    ['ada@eve@example.com', /only one @/],
    ['a..da@example.com', /two dots in a row/],
    ['ada@example..com', /dot too many/],
  ] as const) {
    await register(page, createPerson({ email }));
    await expectFieldError(field(page, 'Email'), sentence);
  }
});
