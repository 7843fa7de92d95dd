import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { grantRole, outdateProofs } from './fixtures/dashboard.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { shownMessages } from './fixtures/messages.ts';
import { addPasskey, factors, plugIn } from './fixtures/passkeys.ts';
import { expect, test } from './fixtures/test.ts';

const next = '/operator?show=roles';
const proofPage = /\/operator\/proof\?next=%2Foperator%3Fshow%3Droles/;
const passkeyButton = (page: Page) => page.getByRole('button', { name: 'Use a passkey' });

test('an operator whose second factor is a passkey proves with it, and goes on', async ({
  page,
  server,
  member,
}) => {
  await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  await grantRole(server, member, 'operator');
  await outdateProofs(server);
  await page.goto(next);
  await expect(page).toHaveURL(proofPage);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await passkeyButton(page).press('Enter');
  await expect(page).toHaveURL(next);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
  // The proof is done with: Back does not lead to it.
  await page.goBack();
  await expect(page).toHaveURL('/dashboard/second-factor');
});

test('an operator whose passkey is refused has the recovery codes left @once', async ({
  page,
  server,
  member,
}) => {
  const device = await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  const codes = await factors(page).locator('#recovery-codes').innerText();
  await grantRole(server, member, 'operator');
  await outdateProofs(server);
  await device.refuse();
  await page.goto(next);
  const field = page.getByLabel('Code', { exact: true });
  await field.fill(codes.split('\n')[0] ?? '');
  await passkeyButton(page).click();
  await expect(shownMessages(page)).toHaveText([/it was cancelled, or took too long/]);
  await expectAccessible(page);
  await field.press('Enter');
  await expect(page).toHaveURL(next);
});

test('a passkey that checks nobody proves an operator after the password @once', async ({
  page,
  server,
  member,
  faults,
}) => {
  faults.allow(/^400 POST .*passkeys\.finishProof/);
  await plugIn(page, { checksUser: false });
  await addPasskey(page, 'Key ring');
  await grantRole(server, member, 'operator');
  await outdateProofs(server);
  await page.goto(next);
  await passkeyButton(page).click();
  await expect(shownMessages(page)).toHaveText([/cancelled|does not check who uses it/]);
  const field = page.getByLabel('Code', { exact: true });
  await field.fill(member.password);
  await field.press('Enter');
  await expect(shownMessages(page)).toHaveText([/Your password alone is not enough/]);
  await passkeyButton(page).click();
  await expect(page).toHaveURL(next);
});

test('an operator who was signed out meanwhile is led through the log-in @once', async ({
  page,
  context,
  server,
  member,
  faults,
}) => {
  faults.allow(/^401 POST .*passkeys\.startProof/);
  await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  await grantRole(server, member, 'operator');
  await outdateProofs(server);
  await page.goto(next);
  await context.clearCookies();
  await passkeyButton(page).click();
  await expect(page).toHaveURL(/\/login\?next=%2Foperator%3Fshow%3Droles/);
  await expect(shownMessages(page)).toHaveText([/Please log in/]);
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('the proof of an operator with a passkey asks for a recovery code @once', async ({
    page,
    browser,
    server,
    member,
    context,
  }) => {
    const withScript = await browser.newPage({ baseURL: server.origin, javaScriptEnabled: true });
    await withScript.context().addCookies(await context.cookies());
    await plugIn(withScript, { checksUser: true });
    await addPasskey(withScript, 'Laptop');
    await withScript.close();
    await grantRole(server, member, 'operator');
    await outdateProofs(server);
    await page.goto(next);
    await expect(page).toHaveURL(proofPage);
    await expect(page.getByText('or a recovery code.').first()).toBeVisible();
    await expect(passkeyButton(page)).toBeHidden();
    await expect(page.getByText('If your passkey does not')).toBeHidden();
    await expectNoSidewaysScroll(page);
  });
});
