import {
  expectSignedOut,
  readNavigation,
  signedInNavigation,
  signedOutNavigation,
} from './fixtures/forms.ts';
import { createPerson, signUp } from './fixtures/people.ts';
import { findFreePort } from './fixtures/server.ts';
import { nginx } from './fixtures/nginx.ts';
import { cacheStatusHeader, startSharedCache } from './fixtures/shared-cache.ts';
import { expect, test } from './fixtures/test.ts';

test.skip(!nginx, 'There is no nginx: NGINX_PATH is not set.');

test('public pages that a shared cache keeps are right for members and for visitors @once', async ({
  page,
  context,
  faults,
  startOwnServer,
}) => {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const server = await startOwnServer({ PUBLIC_URL: origin });
  await using _cache = await startSharedCache(port, server.origin, { keepsPages: true });
  const person = createPerson();
  await signUp(context.request, origin, person);

  // The member asks first: what is kept has nothing of hers.
  for (const [path, status] of [
    ['/', 'MISS'],
    ['/', 'HIT'],
    ['/blog', 'MISS'],
    ['/secrets', 'MISS'],
    ['/secrets', 'MISS'],
  ] as const) {
    const answer = await page.goto(origin + path);
    expect(answer?.headers()[cacheStatusHeader], path).toBe(status);
    expect((await answer?.text())?.includes(person.name), path).toBe(path === '/secrets');
    expect(await readNavigation(page), path).toEqual(signedInNavigation);
  }
  await page.goto(`${origin}/`);
  await expect(page.getByRole('main').getByText(person.name)).toBeVisible();

  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(`${origin}/#signed-out`);
  await expectSignedOut(page);
  const visited = await page.goto(`${origin}/blog`);
  expect(visited?.headers()[cacheStatusHeader]).toBe('HIT');
  expect(await readNavigation(page)).toEqual(signedOutNavigation);
  await page.goto(`${origin}/secrets`);
  await expect(page).toHaveURL(`${origin}/login?next=%2Fsecrets#sign-in-required`);
  // The form will be loaded from a cache that is gone.
  faults.end();
});
