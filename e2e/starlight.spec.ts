/** What Starlight's site does that no other does: its search loads WebAssembly and files of its own kinds. */
import { expect, test } from './other-generators/test.ts';

test('the search finds what is public, and nothing that is for members', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Search' }).click();
  const field = page.getByRole('searchbox').or(page.getByPlaceholder('Search')).first();
  await field.fill('meridian');
  await page.getByRole('dialog').getByRole('link', { name: 'Begin' }).first().click();
  await expect(page).toHaveURL(/\/guides\/begin\//);
  await page.getByRole('button', { name: 'Search' }).click();
  await field.fill('lever');
  await expect(page.getByRole('dialog').getByText(/No results/)).toBeVisible();
});
