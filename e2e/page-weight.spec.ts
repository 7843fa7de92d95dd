import type { Response } from '@playwright/test';
import { field } from './fixtures/forms.ts';
import { pages } from './fixtures/pages.ts';
import { expect, test } from './fixtures/test.ts';

const BUDGET_BYTES = 14 * 1024;
const neededForPaint = ['document', 'script', 'stylesheet'];

/** What went over the wire, without headers. */
async function weigh(response: Response): Promise<number> {
  // A page for somebody is put together from pieces, which only gzip can do.
  expect(response.headers()['content-encoding'], response.url()).toMatch(/^(br|zstd|gzip)$/);
  const { responseBodySize } = await response.request().sizes();
  return responseBodySize;
}

for (const { path, isForMembers } of pages) {
  test(`${path} is there with at most 14 KB of HTML, CSS and script @once`, async ({
    page,
    context,
    member,
    faults,
  }) => {
    faults.allow(/^404 GET /);
    expect(member.name).toBeTruthy();
    if (!isForMembers) await context.clearCookies();
    const responses: Response[] = [];
    page.on('response', (response) => {
      if (neededForPaint.includes(response.request().resourceType())) responses.push(response);
    });
    // Its own scripts have run by then; what a form will need is loaded some time later.
    await page.goto(path, { waitUntil: 'domcontentloaded' });
    const needed = [...responses];
    const kinds = new Set(needed.map((response) => response.request().resourceType()));
    expect([...kinds].sort()).toEqual(neededForPaint);
    if (path === '/login' || path === '/register') {
      // What a form loads when it is used counts among all scripts.
      await page.getByRole('main').locator('button[type="submit"]').click();
      await expect(field(page, 'Password')).toHaveAttribute('aria-invalid', 'true');
    }

    const sizes = await Promise.all(needed.map(weigh));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const scripts = responses.filter((response) => response.request().resourceType() === 'script');
    const scriptSizes = await Promise.all(scripts.map(weigh));
    const allScripts = scriptSizes.reduce((sum, size) => sum + size, 0);
    const parts = needed.map(
      (response, index) => `${new URL(response.url()).pathname} ${sizes[index] ?? 0}`,
    );
    test
      .info()
      .annotations.push(
        { type: 'page weight', description: `${path}: ${total} bytes (${parts.join(', ')})` },
        { type: 'all scripts', description: `${path}: ${allScripts} bytes` },
      );
    expect(total).toBeLessThanOrEqual(BUDGET_BYTES);
  });
}
