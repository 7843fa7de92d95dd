/** The core journeys in Firefox and in WebKit, the engine of Safari. The whole suite runs in Chromium. */
import { addPerson, printResetLink } from './fixtures/admin.ts';
import { signedInNavigation, signedOutNavigation } from './fixtures/forms.ts';
import { createPerson } from './fixtures/people.ts';
import { words } from './fixtures/search.ts';
import { engines, expect, test } from './other-browsers/test.ts';
import {
  button,
  expectAddress,
  expectNavigation,
  expectText,
  field,
  link,
  logIn,
  readText,
} from './other-browsers/visitor.ts';

test.beforeEach(({ engine }) => {
  test.skip(!engines[engine].program, `There is no ${engine}: see scripts/programs.mjs.`);
});

test('someone registers, is greeted, and finds the page marked in the header', async ({
  tab,
  server,
}) => {
  const person = createPerson();
  await tab.open(`${server.origin}/register`);
  await tab.fill(field('Name'), person.name);
  await tab.fill(field('Email'), person.email);
  await tab.fill(field('Password'), person.password);
  await tab.click(button('Register'));
  await expectAddress(tab, /^\/secrets(#welcome)?$/);
  await expectText(tab, `Hello, ${person.name}`);
  await expectNavigation(tab, signedInNavigation);
  const style = `getComputedStyle(document.querySelector('header nav a[aria-current="page"]'))`;
  expect(await tab.read(`${style}.textDecorationLine`)).toBe('underline');
  expect(await tab.read(`${style}.textDecorationThickness`)).toBe('3px');
});

test('a wrong password is told, and the right one leads to the wanted page', async ({
  tab,
  server,
  account,
}) => {
  await tab.open(`${server.origin}/dashboard`);
  await expectAddress(tab, '/login?next=%2Fdashboard#sign-in-required');
  await logIn(tab, { ...account, password: 'not the password at all' });
  await expectText(tab, 'Incorrect email, username or password. Please try again.');
  expect(await tab.read('document.querySelector("[name=identifier]").value')).toBe(account.email);
  await tab.fill(field('Password'), account.password);
  await tab.click(button('Log in'));
  await expectAddress(tab, '/dashboard');
  await expectText(tab, account.email);
});

test('Back after logging out leads to the log-in, and not to an empty page', async ({
  tab,
  server,
  account,
}) => {
  await tab.open(`${server.origin}/login`);
  await logIn(tab, account);
  await expectAddress(tab, /^\/secrets(#welcome)?$/);
  await expectText(tab, `Hello, ${account.name}`);
  await tab.click(button('Log out', 'header'));
  await expectText(tab, 'You have been logged out.');
  await tab.goBack();
  await expectText(tab, 'Please log in to access this page.');
  await expectNavigation(tab, signedOutNavigation);
  expect(await readText(tab)).not.toContain(account.name);
});

test('Back after logging in does not ask to log in again', async ({ tab, server, account }) => {
  await tab.open(server.origin);
  await tab.click(link('Log in'));
  await expectAddress(tab, '/login');
  await logIn(tab, account);
  await expectAddress(tab, /^\/secrets(#welcome)?$/);
  // The page has to be there: Firefox gives up a frame that is left on the way.
  await expectText(tab, `Hello, ${account.name}`);
  await tab.goBack();
  await expectNavigation(tab, signedInNavigation);
  await expectAddress(tab, /^(?!\/login)/);
});

test('a log-out in one tab takes a members’ page off the other', async ({
  profile,
  tab,
  server,
  account,
}) => {
  await tab.open(`${server.origin}/login?next=/dashboard`);
  await logIn(tab, account);
  await expectAddress(tab, '/dashboard');
  const other = await profile.openTab();
  await other.open(`${server.origin}/`);
  await other.click(button('Log out', 'header'));
  await expectText(other, 'You have been logged out.');
  await expectText(tab, 'Please log in to access this page.');
  await expectNavigation(tab, signedOutNavigation);
});

test('the dashboard saves a name', async ({ tab, server, account }) => {
  await tab.open(`${server.origin}/login?next=/dashboard`);
  await logIn(tab, account);
  await expectAddress(tab, '/dashboard');
  await tab.fill(field('Name'), 'Augusta King');
  await tab.click(button('Save profile'));
  await expectText(tab, 'Your profile has been saved.');
  await expectText(tab, 'Augusta King');
});

test('a reset link sets a new password', async ({ tab, server }) => {
  const person = createPerson();
  const { link: address } = await addPerson(server, person);
  await tab.open(address);
  await tab.fill(field('New password'), person.password);
  await tab.click(button('Set password'));
  await expectText(tab, 'Your password has been set. Please log in.');
  const again = await printResetLink(server, person.email);
  expect(again.link).not.toBe(address);
  await logIn(tab, person);
  await expectText(tab, `Hello, ${person.name}`);
});

test('an article is read and counted', async ({ tab, server }) => {
  await tab.open(`${server.origin}/blog`);
  await tab.click('(//main//a[starts-with(@href, "/blog/")])[1]');
  await expectAddress(tab, /^\/blog\/[^/]+$/);
  const reads = 'fetch("/trpc/articles.list").then((answer) => answer.text())';
  expect(await tab.read(reads)).toContain('"used":1');
});

test('the search finds members’ pages for who has logged in from there', async ({
  tab,
  server,
  account,
}) => {
  const { word } = words.members;
  await tab.open(`${server.origin}/search`);
  await tab.fill(field('What are you looking for?'), word);
  await expectText(tab, `Nothing was found for “${word}”`);
  await tab.click(link('Log in'));
  await logIn(tab, account);
  await expectAddress(tab, `/search?q=${word}`);
  await expectText(tab, `1 page for “${word}”`);
});

test('the keyboard alone logs in', async ({ tab, server, account }) => {
  await tab.open(`${server.origin}/login`);
  await tab.click(field('Email or username'));
  await tab.type(account.email);
  await tab.press('Tab');
  await tab.type(account.password);
  await tab.press('Enter');
  await expectAddress(tab, '/secrets');
});

for (const path of ['/', '/login', '/register', '/blog', '/search', '/404']) {
  test(`${path} fits a phone`, async ({ tab, server }) => {
    await tab.resize(360, 740);
    await tab.open(server.origin + path);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await tab.read(overflow)).toBe(0);
    expect(await tab.read('document.querySelectorAll("h1").length')).toBe(1);
  });
}
