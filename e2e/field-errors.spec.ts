import {
  expectFieldError,
  field,
  fillRegistration,
  register,
  submitButton,
} from './fixtures/forms.ts';
import { createPerson, type Person } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const labels = {
  name: 'Name',
  email: 'Email',
  username: 'Username (optional)',
  password: 'Password',
} satisfies Record<keyof Person, string>;

test('an empty registration tells what is missing, and leads to the first field', async ({
  page,
}) => {
  await page.goto('/register');
  await submitButton(page, 'Register').click();
  await expectFieldError(field(page, 'Name'), /enter your name/i);
  await expectFieldError(field(page, 'Email'), /enter your email/i);
  await expectFieldError(field(page, 'Password'), /password/i);
  await expect(field(page, 'Username (optional)')).not.toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, 'Name')).toBeFocused();
  await expect(page.getByRole('alert')).not.toBeEmpty();
});

test('an empty log-in tells what is missing', async ({ page }) => {
  await page.goto('/login');
  await submitButton(page, 'Log in').click();
  await expectFieldError(field(page, 'Email or username'), /enter your email or username/i);
  await expectFieldError(field(page, 'Password'), /enter your password/i);
  await expect(field(page, 'Email or username')).toBeFocused();
});

/** What was typed, the field it is wrong in, and what it is told with. */
const mistakes: [title: string, typed: Partial<Person>, wrong: keyof Person, told: RegExp][] = [
  ['a name of spaces', { name: '   ' }, 'name', /enter your name/i],
  ['a name of 81 characters', { name: 'n'.repeat(81) }, 'name', /at most 80/],
  ['an email without @', { email: 'ada.example.com' }, 'email', /email address/i],
  ['an email of spaces', { email: '   ' }, 'email', /enter your email/i],
  [
    'an email that is too long',
    { email: `${'e'.repeat(300)}@example.com` },
    'email',
    /at most (64|254)/,
  ],
  ['a username of 2 letters', { username: 'ab' }, 'username', /at least 3/],
  ['a username of 31 letters', { username: 'a'.repeat(31) }, 'username', /at most 30/],
  ['a username with an @', { username: 'ada@example' }, 'username', /letters, digits/],
  ['a password of 11 characters', { password: 'zebra-lamp7' }, 'password', /at least 12/],
  ['a password of 257 characters', { password: 'pä'.repeat(129) }, 'password', /at most 256/],
];

for (const [title, typed, wrong, told] of mistakes) {
  test(`${title} is told next to its field, and all that was typed stays @once`, async ({
    page,
    faults,
  }) => {
    faults.allow(/^4(00|29) POST .*auth\.register/);
    const person = createPerson(typed);
    await page.goto('/register');
    await field(page, 'Stay signed in').check();
    await register(page, person);
    await expectFieldError(field(page, labels[wrong]), told);
    await expect(field(page, labels[wrong])).toBeFocused();
    for (const name of Object.keys(labels) as (keyof Person)[]) {
      await expect(field(page, labels[name])).toHaveValue(person[name]);
      const isWrong = name === wrong ? 'true' : 'false';
      const invalid = await field(page, labels[name]).getAttribute('aria-invalid');
      expect(invalid ?? 'false', name).toBe(isWrong);
    }
    await expect(field(page, 'Stay signed in')).toBeChecked();
    await expect(page).toHaveURL('/register');
  });
}

for (const [title, createPassword] of [
  ['that everybody takes', () => 'password1234'],
  ['that is the person’s own email', ({ email }: Person) => email],
] as const) {
  test(`a password ${title} is refused with a reason @once`, async ({ page, faults }) => {
    faults.allow(/^400 POST .*auth\.register/);
    const person = createPerson();
    const password = createPassword(person);
    await page.goto('/register');
    await register(page, { ...person, password });
    await expectFieldError(field(page, 'Password'), /harder to guess/);
    await expect(field(page, 'Password')).toBeFocused();
    await expect(field(page, 'Name')).toHaveValue(person.name);
  });
}

test('a name of 10,000 characters is told and breaks nothing @once', async ({ page, faults }) => {
  faults.allow(/^4(00|29) POST .*auth\.register/);
  await page.goto('/register');
  await register(page, createPerson({ name: 'n'.repeat(10_000) }));
  await expectFieldError(field(page, 'Name'), /at most 80/);
});

test('a corrected mistake is forgotten', async ({ page, faults }) => {
  faults.allow(/^4(00|29) POST .*auth\.register/);
  const person = createPerson();
  await page.goto('/register');
  await fillRegistration(page, { ...person, email: 'ada' });
  await submitButton(page, 'Register').click();
  await expectFieldError(field(page, 'Email'), /email address/i);
  await field(page, 'Email').fill(person.email);
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL('/secrets#welcome');
});

// ASVS 6.2.9
test('the longest password that is allowed works, emoji and all @once', async ({
  page,
  context,
}) => {
  const person = createPerson({ password: `${'🔑'.repeat(128)}${'é'.repeat(128)}` });
  await page.goto('/register');
  await register(page, person);
  await expect(page).toHaveURL('/secrets#welcome');
  await context.clearCookies();
  await page.goto('/login');
  await field(page, 'Email or username').fill(person.email);
  // The same characters as another keyboard writes them: e and an accent.
  await field(page, 'Password').fill(person.password.normalize('NFD'));
  await submitButton(page, 'Log in').click();
  await expect(page).toHaveURL('/secrets');
});
