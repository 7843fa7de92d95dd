import type { Page } from '@playwright/test';
import { printResetLink } from './fixtures/admin.ts';
import { expect, test } from './fixtures/test.ts';

/** What Chromium advises developers about the forms of a page. */
async function collectAdvice(page: Page): Promise<string[]> {
  const advice: string[] = [];
  const client = await page.context().newCDPSession(page);
  client.on('Log.entryAdded', ({ entry }) => {
    if (entry.text.startsWith('[DOM]')) advice.push(entry.text);
  });
  await client.send('Log.enable');
  return advice;
}

/** Of each form with a password: the field that stands for the username, and what stands before it. */
function describeForms(page: Page) {
  return page.locator('form:has(input[type="password"])').evaluateAll((forms) =>
    forms.map((form) => {
      const inputs = [...form.querySelectorAll('input:not([type="hidden"], [type="checkbox"])')];
      const first = inputs.findIndex((input) => input.getAttribute('type') === 'password');
      // Beside the name a field may offer passkeys.
      const names = inputs.map((input) =>
        input.getAttribute('autocomplete')?.replace(' webauthn', ''),
      );
      const usernames = inputs.filter((_input, index) => names[index] === 'username');
      return {
        usernames: usernames.length,
        value: (usernames[0] as HTMLInputElement | undefined)?.value,
        before: names.slice(0, first).at(-1),
        isCodeBefore: inputs.slice(0, first).some(({ id }) => id === 'token'),
        passwords: names.slice(first).filter((name) => name?.endsWith('-password')).length,
      };
    }),
  );
}

test('every form says whose password it takes @once', async ({ page, member, server }) => {
  const advice = await collectAdvice(page);
  await page.goto('/dashboard');
  const forms = await describeForms(page);
  expect(forms.length).toBeGreaterThan(4);
  for (const form of forms) {
    expect(form).toMatchObject({ usernames: 1, value: member.email, before: 'username' });
  }
  const { link } = await printResetLink(server, member.email);
  await page.goto(link);
  expect(await describeForms(page)).toEqual([
    { usernames: 1, value: '', before: 'username', isCodeBefore: false, passwords: 1 },
  ]);
  await page.context().clearCookies();
  for (const path of ['/login', '/register']) {
    await page.goto(path);
    expect(await describeForms(page), path).toMatchObject([{ usernames: 1, before: 'username' }]);
  }
  // Chromium gives its advice some time after the page is there, and nothing says that there is none.
  await page.waitForTimeout(500);
  expect(advice).toEqual([]);
});

test('the address that managers know leads to the form of the password', async ({
  page,
  account,
}) => {
  await page.goto('/.well-known/change-password');
  await expect(page).toHaveURL('/login?next=%2Fdashboard%23password#sign-in-required');
  await page.getByLabel('Email or username').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('main').getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page).toHaveURL('/dashboard#password');
  await expect(page.getByLabel('Current password').first()).toBeAttached();
});
