import { expectAccessible } from './fixtures/accessible.ts';
import { expectSignedIn, logIn, register } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

test.use({ serverSettings: { REGISTRATION: 'approval' } });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('who registers hears what happens next, and logs in once approved', async ({
      page,
      server,
      faults,
    }) => {
      faults.allow(/^403 POST .*auth\.login/);
      const person = createPerson();
      await page.goto('/register');
      await expect(page.getByText('The people who run this site look at each')).toBeVisible();
      await expect(page.getByText('Come back later, and log in.')).toBeVisible();
      await expect(page.getByText('We will write to you')).toBeHidden();
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await register(page, person);
      const told = page.getByText(messages.waitingForApproval).filter({ visible: true });
      await expect(told).toHaveCount(1);
      await expect(page).toHaveURL(/\/login/);
      if (javaScriptEnabled) await expectAccessible(page);
      await page.goto('/login');
      await logIn(page, person.email, person.password);
      await expect(told).toHaveCount(1);
      await server.runAdmin('user', 'approve', person.email);
      await page.goto('/login');
      await logIn(page, person.email, person.password);
      await expectSignedIn(page);
    });

    test('who is refused is not known any more', async ({ page, server, faults }) => {
      faults.allow(/^401 POST .*auth\.login/);
      const person = createPerson();
      await page.goto('/register');
      await register(page, person);
      await expect(page).toHaveURL(/\/login/);
      await server.runAdmin('user', 'refuse', person.email, '--yes');
      await page.goto('/login');
      await logIn(page, person.email, person.password);
      await expect(
        page.getByText(messages.invalidCredentials).filter({ visible: true }),
      ).toHaveCount(1);
    });
  });
}
