import { expectFieldError, field, register } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { unusualNames } from './fixtures/names.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

for (const [title, name] of Object.entries(unusualNames)) {
  // Only length depends on the size of the window.
  const tag = name.length < 80 ? '@once' : [];
  test(`a name with ${title} is shown as it was typed`, { tag }, async ({ page }) => {
    const opened: string[] = [];
    page.on('dialog', (dialog) => {
      opened.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto('/register');
    await register(page, createPerson({ name }));
    await expect(page).toHaveURL('/secrets#welcome');
    for (const path of ['/secrets', '/', '/logout']) {
      if (path !== '/secrets') await page.goto(path);
      const shown = page.getByRole('main').getByText(name).first();
      await expect(shown, path).toBeVisible();
      await expect(page.locator('img[src="x"]'), path).toHaveCount(0);
      await expectNoSidewaysScroll(page);
    }
    expect(opened).toEqual([]);
  });
}

test('a name that would turn the text around it is refused @once', async ({ page, faults }) => {
  faults.allow(/^400 POST .*auth\.register/);
  await page.goto('/register');
  for (const name of ['\u202Eredael\u202C Ada', '\u3164']) {
    await register(page, createPerson({ name }));
    await expectFieldError(field(page, 'Name'), /direction of the text|can be seen/);
  }
});

test('a name does not turn the text around it @once', async ({ page }) => {
  await page.goto('/register');
  await register(page, createPerson({ name: unusualNames['right-to-left text'] }));
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText(`Hello, ${unusualNames['right-to-left text']}`);
  const [greeting, name] = await heading.evaluate((element): [number, number] => {
    const range = document.createRange();
    const text = element.firstChild;
    if (!text) throw new Error('The heading is empty.');
    range.selectNodeContents(text);
    const slot = element.querySelector('[data-slot="user-name"]') ?? element;
    return [range.getBoundingClientRect().left, slot.getBoundingClientRect().left];
  });
  expect(greeting).toBeLessThan(name);
});

for (const [title, name] of [
  ['a long name', 'W'.repeat(80)],
  ['right-to-left text', unusualNames['right-to-left text']],
] as const) {
  test(`the header shows ${title} in one line, beside the navigation`, async ({ page }) => {
    await page.goto('/register');
    await register(page, createPerson({ name }));
    await expect(page).toHaveURL(/secrets/);
    const shown = page.getByRole('banner').getByText(name);
    await expect(shown).toBeVisible();
    await expect(page.getByRole('banner').getByText('Logged in as')).toBeAttached();
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      await expectNoSidewaysScroll(page);
      const box = await page.locator('.signed-in-as').boundingBox();
      const brand = await page.locator('.brand').boundingBox();
      expect(box?.height, String(width)).toBeLessThan(brand?.height ?? 0);
      expect(box?.x, String(width)).toBeGreaterThanOrEqual((brand?.x ?? 0) + (brand?.width ?? 0));
    }
  });
}
