import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { grantRole, outdateProofs } from './fixtures/dashboard.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { shownMessages } from './fixtures/messages.ts';
import { operatorPages } from './fixtures/pages.ts';
import { createPerson, signUp, type Person } from './fixtures/people.ts';
import type { Server } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

/** A member, and then an operator who is signed in in this browser. */
async function signUpBoth(
  page: Page,
  server: Server,
): Promise<{ member: Person; operator: Person }> {
  const { request } = page.context();
  const member = createPerson({ name: 'Grace Hopper' });
  await signUp(request, server.origin, member);
  await page.context().clearCookies();
  const operator = createPerson();
  await signUp(request, server.origin, operator);
  await grantRole(server, operator, 'operator');
  return { member, operator };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    const expectGood = async (page: Page) => {
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
    };

    test('an operator proves who is there, finds a person and reads about them', async ({
      page,
      server,
    }) => {
      const { member, operator } = await signUpBoth(page, server);
      await outdateProofs(server);
      await page.goto('/operator');
      await expect(page).toHaveURL(/\/operator\/proof\?next=%2Foperator#password-required$/);
      await expect(shownMessages(page)).toHaveText([/enter your current password/]);
      await expectGood(page);
      const field = page.getByLabel('Current password', { exact: true });
      await field.fill('not this one at all');
      await field.press('Enter');
      await expect(shownMessages(page)).toHaveText([/Incorrect password/]);
      await field.fill(operator.password);
      await field.press('Enter');
      await expect(page).toHaveURL('/operator');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
      await expectGood(page);
      const search = page.getByRole('searchbox');
      await search.fill(member.email.toUpperCase());
      await search.press('Enter');
      const people = page.getByRole('list', { name: 'People', exact: true });
      await expect(people.getByRole('listitem')).toHaveCount(1);
      await expect(page.getByRole('searchbox')).toHaveValue(member.email.toUpperCase());
      await people.getByRole('link', { name: member.name }).press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(member.name);
      await expect(page.getByRole('main')).toContainText(member.email);
      await expect(page.getByRole('main')).toContainText('No roles.');
      await expectGood(page);
      await page.goto('/operator?show=roles');
      await page.getByRole('link', { name: operator.name }).first().click();
      const role = page.getByRole('heading', { name: 'Operator', exact: true });
      // On one line: a narrow column would break the word.
      expect((await role.boundingBox())?.height).toBeLessThan(40);
      await expectGood(page);
    });

    test('whoever is no operator finds nothing there', async ({
      page,
      context,
      server,
      faults,
    }) => {
      faults.allow(/^404 GET .*\/operator/);
      await signUp(context.request, server.origin, createPerson());
      for (const path of [...operatorPages, '/operator/person']) {
        const answer = await page.goto(path);
        expect(answer?.status(), path).toBe(404);
        await expect(page).toHaveURL(path);
      }
    });
  });
}
