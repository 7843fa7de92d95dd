import type { Page, Response } from '@playwright/test';
import { grantRole } from './fixtures/dashboard.ts';
import { field } from './fixtures/forms.ts';
import { operatorPages, pages } from './fixtures/pages.ts';
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

/** Opens a page, and gives what its first paint needed and, as it grows, all that it has loaded. */
async function load(page: Page, path: string) {
  const loaded: Response[] = [];
  page.on('response', (response) => {
    if (neededForPaint.includes(response.request().resourceType())) loaded.push(response);
  });
  // Its own scripts have run by then; what a form will need is loaded some time later.
  await page.goto(path, { waitUntil: 'domcontentloaded' });
  const needed = [...loaded];
  const kinds = new Set(needed.map((response) => response.request().resourceType()));
  expect([...kinds].sort()).toEqual(neededForPaint);
  return { needed, loaded };
}

/** What the first paint needs, in bytes; the report of the test has the parts. */
async function weighPage(path: string, needed: Response[]): Promise<number> {
  const sizes = await Promise.all(needed.map(weigh));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const parts = needed.map(
    (response, index) => `${new URL(response.url()).pathname} ${sizes[index] ?? 0}`,
  );
  const description = `${path}: ${total} bytes (${parts.join(', ')})`;
  test.info().annotations.push({ type: 'page weight', description });
  return total;
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
    const { needed, loaded } = await load(page, path);
    if (path === '/login' || path === '/register') {
      // What a form loads when it is used counts among all scripts.
      await page.getByRole('main').locator('button[type="submit"]').click();
      await expect(field(page, 'Password')).toHaveAttribute('aria-invalid', 'true');
    }

    const total = await weighPage(path, needed);
    const scripts = loaded.filter((response) => response.request().resourceType() === 'script');
    const scriptSizes = await Promise.all(scripts.map(weigh));
    const allScripts = scriptSizes.reduce((sum, size) => sum + size, 0);
    test.info().annotations.push({
      type: 'all scripts',
      description: `${path}: ${allScripts} bytes`,
    });
    expect(total).toBeLessThanOrEqual(BUDGET_BYTES);
  });
}

/** Lists that grow with everybody who is on the site are weighed with one person in them. */
const narrowing: Record<string, string> = { '/operator': 'search', '/operator/log': 'person' };

for (const path of ['/dashboard', '/secrets', ...operatorPages]) {
  test(`${path} is there for an operator with at most 14 KB @once`, async ({
    page,
    server,
    member,
  }) => {
    await grantRole(server, member, 'operator');
    const filter = narrowing[path];
    const query = filter === undefined ? '' : `?${filter}=${encodeURIComponent(member.email)}`;
    const { needed } = await load(page, path + query);
    expect(await weighPage(path, needed)).toBeLessThanOrEqual(BUDGET_BYTES);
  });
}
