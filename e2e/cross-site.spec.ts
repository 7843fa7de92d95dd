import { expectSignedOut } from './fixtures/forms.ts';
import { expect, test } from './fixtures/test.ts';

const elsewhere = 'http://elsewhere.example/';

// ASVS 3.3.2, 3.5.1
test('a form on another site cannot log anyone in @once', async ({
  page,
  account,
  server,
  faults,
}) => {
  faults.allow(/^403 POST .*\/login/);
  const form = `<!doctype html><title>Elsewhere</title><form method="post" action="${server.origin}/login">
    <input name="identifier" value="${account.email}" />
    <input name="password" value="${account.password}" /><button>Win a prize</button></form>`;
  await page.route(elsewhere, (route) => route.fulfill({ contentType: 'text/html', body: form }));
  await page.goto(elsewhere);
  const answer = page.waitForResponse(`${server.origin}/login`);
  await page.getByRole('button').click();
  expect((await answer).status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(/^That form was not sent from this site/)).toBeVisible();
  await page.goto('/');
  await expectSignedOut(page);
});

test('a form on another site cannot log anyone out @once', async ({
  page,
  member,
  server,
  faults,
}) => {
  faults.allow(/^403 POST .*\/logout/);
  const form = `<!doctype html><title>Elsewhere</title><form method="post" action="${server.origin}/logout">
    <button>Win a prize</button></form>`;
  await page.route(elsewhere, (route) => route.fulfill({ contentType: 'text/html', body: form }));
  await page.goto(elsewhere);
  const answer = page.waitForResponse(`${server.origin}/logout`);
  await page.getByRole('button').click();
  expect((await answer).status()).toBe(403);
  await page.goto('/secrets');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
});

test('a link on another site leads members to their page @once', async ({
  page,
  member,
  server,
}) => {
  const link = `<!doctype html><title>Elsewhere</title><a href="${server.origin}/secrets">Read</a>`;
  await page.route(elsewhere, (route) => route.fulfill({ contentType: 'text/html', body: link }));
  await page.goto(elsewhere);
  await page.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
});
