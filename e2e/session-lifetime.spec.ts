import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import { ageSessions } from './fixtures/database.ts';
import { expectSignedIn, expectSignedOut, field, logIn, submitButton } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson, signUp } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

// ASVS 7.3.1
test('an expired session leads to the log-in, and from there back @once', async ({
  page,
  server,
  member,
}) => {
  await page.goto('/secrets');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
  // Each almost as long as a session may be idle, which is an hour: each page moves its end.
  for (const query of ['?page=1', '?page=2']) {
    await ageSessions(server, 55);
    await page.goto(`/secrets${query}`);
    await expect(page.getByRole('heading', { level: 1 }), query).toHaveText(
      `Hello, ${member.name}`,
    );
  }
  await ageSessions(server, 65);
  await page.getByRole('banner').getByRole('link', { name: 'Home' }).click();
  await expect(page).toHaveURL('/');
  await expectSignedOut(page);
  await page.goto('/secrets?page=3');
  await expect(page).toHaveURL('/login?next=%2Fsecrets%3Fpage%3D3#sign-in-required');
  await expect(page.getByText(messages.signInRequired)).toBeVisible();
  await logIn(page, member.email, member.password);
  await expect(page).toHaveURL('/secrets?page=3');
});

// ASVS 7.3.2
test('a session ends at its absolute limit, however busy it is @once', async ({
  page,
  server,
  member,
}) => {
  await page.goto('/secrets');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
  const statuses: number[] = [];
  for (let visit = 1; visit <= 29; visit += 1) {
    await ageSessions(server, 50);
    statuses.push((await page.request.get('/secrets', { maxRedirects: 0 })).status());
  }
  // The 29th comes ten minutes after the day is over.
  expect(statuses).toEqual([...Array<number>(28).fill(200), 302]);
  await page.reload();
  await expect(page).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
});

// ASVS 3.3.4
test('the cookie of a plain session has no date, and script cannot read it', async ({
  page,
  context,
  account,
}) => {
  await page.goto('/login');
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets');
  const session = (await context.cookies()).find(({ name }) => /^session(-\d+)?$/.test(name));
  expect(session).toMatchObject({ expires: -1, httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(await page.evaluate(() => document.cookie)).not.toMatch(/\bsession(-\d+)?=/);
});

test('who stays signed in still is after the browser and the server were restarted @once', async ({
  startOwnServer,
  faults,
  launchOptions,
}) => {
  test.slow();
  const server = await startOwnServer();
  const profiles = await mkdtemp(path.join(tmpdir(), 'latchkey-e2e-profiles-'));
  const openBrowser = async (profile: string): Promise<BrowserContext> => {
    const context = await chromium.launchPersistentContext(
      path.join(profiles, profile),
      launchOptions,
    );
    faults.watch(context);
    return context;
  };
  for (const stays of [true, false]) {
    const profile = stays ? 'stays' : 'plain';
    const person = createPerson();
    const before = await openBrowser(profile);
    await signUp(before.request, server.origin, person);
    await before.clearCookies();
    const page = await before.newPage();
    await page.goto(`${server.origin}/login`);
    if (stays) await field(page, 'Stay signed in').check();
    await field(page, 'Email or username').fill(person.email);
    await field(page, 'Password').fill(person.password);
    await submitButton(page, 'Log in').click();
    await expect(page, String(stays)).toHaveURL(`${server.origin}/secrets`);
    await before.close();
    await server.restart();
    const after = await openBrowser(profile);
    const again = await after.newPage();
    await again.goto(`${server.origin}/secrets`);
    if (stays) await expect(again, String(stays)).toHaveURL(`${server.origin}/secrets`);
    else await expect(again, String(stays)).toHaveURL(/\/login\?next=%2Fsecrets#sign-in-required$/);
    await (stays ? expectSignedIn(again) : expectSignedOut(again));
    await after.close();
  }
  await rm(profiles, { recursive: true, force: true });
});

test('a server that was killed knows everybody it answered @once', async ({
  page,
  startOwnServer,
}) => {
  const server = await startOwnServer();
  const person = createPerson();
  await page.goto(`${server.origin}/register`);
  await field(page, 'Name').fill(person.name);
  await field(page, 'Email').fill(person.email);
  await field(page, 'Password').fill(person.password);
  await submitButton(page, 'Register').click();
  await expect(page).toHaveURL(`${server.origin}/secrets#welcome`);
  await server.restart('SIGKILL');
  await page.goto(`${server.origin}/secrets`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${person.name}`);
});
