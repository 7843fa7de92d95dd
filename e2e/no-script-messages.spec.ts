import { expectSignedIn } from './fixtures/forms.ts';
import { contradictions, shownMessages } from './fixtures/messages.ts';
import { expect, test } from './fixtures/test.ts';

for (const path of contradictions.signedIn) {
  test(`${path} says nothing to who is logged in @once`, async ({ page, member }) => {
    await page.goto(path);
    await expectSignedIn(page);
    expect(member.name).toBeTruthy();
    await expect(shownMessages(page)).toHaveCount(0);
  });
}

for (const path of contradictions.signedOut) {
  test(`${path} says nothing to a visitor @once`, async ({ page }) => {
    await page.goto(path);
    await expect(shownMessages(page)).toHaveCount(0);
  });
}
