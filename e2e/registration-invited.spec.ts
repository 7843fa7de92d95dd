import { expectAccessible } from './fixtures/accessible.ts';
import { expectFieldError, expectSignedIn, field, register } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import type { Server } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

const used = /That invitation has been used already\. Please ask for a new one\.$/;

test.use({
  serverSettings: { REGISTRATION: 'invited', ALLOWED_EMAIL_DOMAINS: 'example.com,*.example.com' },
});

/** What the operator hands over. */
async function invite(server: Server, ...options: string[]) {
  const printed = await server.runAdmin('invite', 'create', '--json', ...options);
  return JSON.parse(printed) as { link: string; code: string };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('an invited site says so, and whom to ask', async ({ page }) => {
      await page.goto('/register');
      const said = page.getByText('To register you need an invitation. To get one, ask');
      await expect(said).toBeVisible();
      await expect(page.getByText('example.com or any domain below example.com')).toBeVisible();
      await expect(page.getByText('Registration is closed').filter({ visible: true })).toHaveCount(
        0,
      );
      await expect(page.getByText('You are invited.')).toBeHidden();
      await expect(field(page, 'Invitation code')).toBeVisible();
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
    });

    test('a form without an invitation is refused, and keeps what was typed', async ({
      page,
      faults,
    }) => {
      faults.allow(/^403 POST .*auth\.register/);
      const person = createPerson();
      await page.goto('/register?next=%2Fdashboard');
      await register(page, person);
      await expect(
        page.getByText(messages.invitationRequired).filter({ visible: true }),
      ).not.toHaveCount(0);
      await expect(field(page, 'Email')).toHaveValue(person.email);
      await expect(page).toHaveURL(/\/register\?next=%2Fdashboard/);
    });

    test('a link lets one person in, and the next one hears that it was used', async ({
      page,
      server,
      faults,
      browser,
    }) => {
      faults.allow(/^40[03] POST .*auth\.register/);
      const { link, code } = await invite(server, '--role', 'member');
      await page.goto('/register?next=%2Fdashboard');
      await page.goto(`${new URL(link).pathname}?next=%2Fdashboard${new URL(link).hash}`);
      if (javaScriptEnabled) {
        await expect(page.getByText('You are invited.')).toBeVisible();
        await expect(field(page, 'Invitation code')).toBeHidden();
        expect(page.url()).not.toContain(code);
        await page.reload();
        await expect(field(page, 'Invitation code')).toBeHidden();
        await expectAccessible(page);
        await register(page, { ...createPerson(), password: 'password1234' });
        await expectFieldError(field(page, 'Password'), /too common/);
      } else {
        await field(page, 'Invitation code').fill(link);
        await register(page, { ...createPerson(), password: 'password1234' });
        await expect(page).toHaveURL('/register?next=%2Fdashboard#common-password');
        await expect(field(page, 'Invitation code')).toHaveValue(link);
      }
      await register(page, createPerson());
      await expect(page).toHaveURL(/\/dashboard/);
      await expectSignedIn(page);

      const context = await browser.newContext({ javaScriptEnabled });
      const other = await context.newPage();
      await other.goto(link);
      if (!javaScriptEnabled) await field(other, 'Invitation code').fill(code);
      await register(other, createPerson());
      await expectFieldError(field(other, 'Invitation code'), used);
      await context.close();
    });
  });
}

test('an email of another domain is refused, and the domains are named', async ({
  page,
  server,
  faults,
}) => {
  faults.allow(/^400 POST .*auth\.register/);
  const { link } = await invite(server);
  await page.goto(link);
  await register(page, createPerson({ email: 'ada@example.com.evil.example' }));
  await expectFieldError(
    field(page, 'Email'),
    'Please enter an email of example.com or any domain below example.com.',
  );
});
