/** What Eleventy's site has and no other: a file that it copied as it was, in an encoding of its own. */
import { expect, test } from './other-generators/test.ts';

test('a page that is not in UTF-8 is read as it was written', async ({ page }) => {
  await page.goto('/old/trees');
  await expect(page.getByRole('heading')).toHaveText('Bäume');
});
