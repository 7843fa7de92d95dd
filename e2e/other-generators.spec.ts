/** Sites that other generators built, behind the gate: every file for every reader, and a visit in a browser. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { grantRole } from './fixtures/dashboard.ts';
import { logIn, readNavigation, submitButton } from './fixtures/forms.ts';
import { createMember, createSend, type Send } from './fixtures/http.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import type { Server } from './fixtures/server.ts';
import { buildSite } from './other-generators/build-site.ts';
import { expectAnswer, type Reader } from './other-generators/expect-answer.ts';
import { generators } from './other-generators/generators.ts';
import { readOutput } from './other-generators/read-output.ts';
import { runCheckSite } from './other-generators/run-check-site.ts';
import { expect, test } from './other-generators/test.ts';

// One worker builds a site once for all of them.
test.describe.configure({ mode: 'default' });

test.skip(
  ({ generator }) => generators[generator].command === null,
  'There is no such generator: see scripts/programs.mjs.',
);

async function createSendAs(server: Server, reader: Reader): Promise<Send> {
  const { origin } = server;
  if (reader === 'visitor') return createSend(origin);
  const { person, cookie } = await createMember(origin);
  if (reader === 'gold') await grantRole(server, person, 'gold');
  return createSend(origin, { cookie });
}

for (const reader of ['visitor', 'member', 'gold'] as const) {
  test(`a ${reader} gets every file that the rules open, and no other`, async ({
    server,
    site,
  }) => {
    const send = await createSendAs(server, reader);
    const files = readOutput(site.folder);
    expect(files.map(({ audience }) => audience)).toEqual(
      expect.arrayContaining(['public', 'members', 'gold']),
    );
    for (const file of files) {
      await expectAnswer(await send(file.address), file, reader);
    }
  });
}

test('a part of a page for a role is left out for everybody else', async ({
  server,
  generator,
}) => {
  const { words } = generators[generator];
  for (const [reader, has] of [
    ['member', false],
    ['gold', true],
  ] as const) {
    const send = await createSendAs(server, reader);
    const html = await (await send('/members/plan/')).text();
    expect([html.includes(words.members), html.includes(words.part)]).toEqual([true, has]);
  }
});

test('pages have one address, and other spellings lead there', async ({ server, site }) => {
  const send = await createSendAs(server, 'gold');
  const pages = readOutput(site.folder).filter(({ name }) => name.endsWith('.html'));
  for (const { address } of pages) {
    const spellings = address.endsWith('/')
      ? [`${address}index.html`, ...(address === '/' ? [] : [address.slice(0, -1)])]
      : [`${address}.html`, `${address}/`];
    for (const spelling of spellings) {
      const answer = await send(`${spelling}?a=b`);
      expect([spelling, answer.status, answer.headers.get('location')]).toEqual([
        ...[spelling, 301],
        `${address}?a=b`,
      ]);
    }
  }
});

test('what is not there has the page that the site has for it', async ({ server, generator }) => {
  const { words } = generators[generator];
  for (const [reader, paths] of [
    ['visitor', ['/404', '/404.html', '/nothing', '/members/nothing', '/gold/nothing.pdf']],
    ['gold', ['/gold/nothing', '/.gitignore']],
  ] as const) {
    const send = await createSendAs(server, reader);
    for (const address of paths) {
      const answer = await send(address);
      expect([address, answer.status]).toEqual([address, 404]);
      expect(await answer.text()).toContain(words.missing);
    }
  }
});

test('check-site is content with the site', async ({ site }) => {
  expect(await runCheckSite(site)).toEqual({
    code: 0,
    said: 'No private text stands in a public file, and every rule fits something.\n',
  });
});

test('check-site names a search index that has what is for members', async ({ generator }) => {
  const { mark, index, words } = generators[generator];
  await using leaky = await buildSite(generator, async (folder) => {
    const file = path.join(folder, mark.file);
    await writeFile(file, (await readFile(file, 'utf8')).replace(mark.text, ''));
  });
  const { code, said } = await runCheckSite(leaky);
  expect(code).toBe(1);
  expect(said).toContain(`members/plan/index.html: "${words.members}"`);
  expect(said).toMatch(new RegExp(`${index.source}, which anybody may read`));
});

test('someone visits, logs in on the way, reads, and logs out', async ({
  page,
  account,
  generator,
  faults,
}) => {
  const { colours, words } = generators[generator];
  faults.allow(/^403 GET .*\/gold\/$/);
  const logInLink = page.getByRole('link', { name: 'Log in', exact: true });
  const logOutLink = page.getByRole('link', { name: 'Log out', exact: true });

  await page.goto('/');
  await expect(page.getByText(words.home)).toBeVisible();
  await expect(logInLink).toBeVisible();
  await expect(logOutLink).toBeHidden();
  await expect(logInLink.locator('..')).toHaveCSS('color', colours.text);

  await page.getByRole('link', { name: 'Plan', exact: true }).first().click();
  await expect(page).toHaveURL(/\/login\?next=%2Fmembers%2Fplan%2F#sign-in-required$/);
  await expect(submitButton(page, 'Log in')).toHaveCSS('background-color', colours.action);
  expect(await readNavigation(page)).toEqual(['Home', 'Log in', 'Register']);
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL(/\/members\/plan\/$/);
  await expect(page.getByText(words.members)).toBeVisible();

  await page.goto('/gold/');
  await expect(page.getByText('Gold member').first()).toBeVisible();
  await page.goto('/');
  await expect(page.locator('[data-slot="user-name"]')).toHaveText(account.name);
  await expect(logInLink).toBeHidden();
  await logOutLink.click();
  await submitButton(page, 'Log out').click();
  await expect(page).toHaveURL(/#signed-out$/);
  await page.goto('/');
  await expect(logInLink).toBeVisible();
});

test('its pages fit a phone, and so do the pages for accounts', async ({
  page,
  member,
  generator,
  faults,
}) => {
  faults.allow(/^404 GET .*\/nothing$/);
  expect(member.name).toBeTruthy();
  await page.setViewportSize({ width: 360, height: 740 });
  for (const address of ['/', '/members/plan/', '/dashboard', '/nothing']) {
    await page.goto(address);
    await expect(page.locator('h1')).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
  await expect(page.getByText(generators[generator].words.missing)).toBeVisible();
});
