import { expectAccessible } from './fixtures/accessible.ts';
import { addPerson } from './fixtures/admin.ts';
import { field, logIn, readNavigation, signedInNavigation } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const closedNavigation = ['Home', 'Blog', 'Log in'];

test.use({ serverSettings: { REGISTRATION: 'closed', FREE_READS: '0' } });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('nothing leads to a registration that is closed', async ({ page, faults }) => {
      faults.allow(/^40[24] GET /);
      const register = page.getByRole('link', { name: 'Register' });
      for (const path of ['/', '/login', '/blog', '/blog/how-a-session-ends', '/nothing-here']) {
        await page.goto(path);
        expect(await readNavigation(page), path).toEqual(closedNavigation);
        await expect(register, path).toHaveCount(0);
        await expect(page.getByText(/register/i).filter({ visible: true }), path).toHaveCount(0);
      }
    });

    test('its page says that it is closed, and leads to the log-in', async ({ page }) => {
      const said = page.getByText(messages.registrationClosed).filter({ visible: true });
      await page.goto('/register?next=%2Fdashboard');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Register');
      await expect(said).toHaveCount(1);
      await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0);
      await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
      if (javaScriptEnabled) await expectAccessible(page);
      await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
      await expect(page).toHaveURL('/login?next=%2Fdashboard');
      await page.goto('/register#registration-closed');
      await expect(said).toHaveCount(1);
    });
  });
}

test('who has an account logs in, and out again to a page without Register', async ({
  page,
  server,
}) => {
  const person = createPerson();
  const { link } = await addPerson(server, person);
  await page.goto(link);
  await field(page, 'New password').fill(person.password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await logIn(page, person.email, person.password);
  await expect(page).toHaveURL('/secrets');
  expect(await readNavigation(page)).toEqual(signedInNavigation);
  await page.goto('/');
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByText(messages.signedOut)).toBeVisible();
  expect(await readNavigation(page)).toEqual(closedNavigation);
});

test('a form that was opened before says that registration is closed by now', async ({
  page,
  faults,
}) => {
  faults.allow(/^403 POST .*auth\.register/);
  await page.route('/register', async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    await route.fulfill({ response, body: body.replace('="closed"', '="open"') });
  });
  await page.goto('/register');
  const { name, email, password } = createPerson();
  await field(page, 'Name').fill(name);
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('alert').getByText(messages.registrationClosed)).toBeVisible();
  await expect(field(page, 'Password')).toHaveValue(password);
});
