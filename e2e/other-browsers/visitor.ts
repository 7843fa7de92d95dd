import { expect } from '@playwright/test';
import type { Person } from '../fixtures/people.ts';
import type { Tab } from './tab.ts';

const text = (wanted: string) => `normalize-space()=${JSON.stringify(wanted)}`;

/** A field of the page's main part, by its label. */
export const field = (label: string) => `//main//*[@id=//label[${text(label)}]/@for]`;
export const button = (name: string, part = 'main') => `//${part}//button[${text(name)}]`;
export const link = (name: string, part = 'main') => `//${part}//a[${text(name)}]`;

/** Reads from a page that may be changing: what goes wrong meanwhile is an answer that fits nothing. */
const peek = (tab: Tab, expression: string) => tab.read(expression).catch(String);

/** Waits until the tab is at an address of the site, named without its origin. */
export async function expectAddress(tab: Tab, address: string | RegExp): Promise<void> {
  const read = () => peek(tab, 'location.pathname + location.search + location.hash');
  await expect
    .poll(read)
    .toEqual(typeof address === 'string' ? address : expect.stringMatching(address));
}

/** Waits until a text can be seen on the page. */
export async function expectText(tab: Tab, wanted: string | RegExp): Promise<void> {
  const read = () => peek(tab, `document.body?.innerText ?? ''`);
  await expect.poll(read).toMatch(wanted);
}

const readNavigation = `[...document.querySelectorAll('header nav :is(a, button)')]
  .filter((entry) => entry.checkVisibility()).map((entry) => entry.innerText.trim())`;

export async function expectNavigation(tab: Tab, names: string[]): Promise<void> {
  await expect.poll(() => peek(tab, readNavigation)).toEqual(names);
}

/** The text of the page as a person sees it. */
export async function readText(tab: Tab): Promise<string> {
  return String(await tab.read('document.body.innerText'));
}

export async function logIn(tab: Tab, { email, password }: Person): Promise<void> {
  await tab.fill(field('Email or username'), email);
  await tab.fill(field('Password'), password);
  await tab.click(button('Log in'));
}
