import { grantRole } from './fixtures/dashboard.ts';
import { expect, test } from './fixtures/test.ts';

test('a page for a role opens once the person has it, and says for whom it is before', async ({
  page,
  member,
  server,
  faults,
}) => {
  faults.allow(/^403 GET .*\/gold$/);
  expect((await page.goto('/gold'))?.status()).toBe(403);
  await expect(page.getByRole('main')).toContainText('people with the role “Gold member”');
  await expect(page.getByRole('banner')).toContainText(member.name);
  await grantRole(server, member, 'gold');
  expect((await page.goto('/gold'))?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Gold members');
});
