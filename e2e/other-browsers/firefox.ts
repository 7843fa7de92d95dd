import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import type { OtherBrowser, Profile, Tab } from './tab.ts';

const locate = (xpath: string) => `::-p-xpath(${xpath})`;

function driveTab(page: Page): Tab {
  const find = async (xpath: string) => {
    const element = await page.waitForSelector(locate(xpath), { visible: true });
    if (!element) throw new Error(`There is no ${xpath} at ${page.url()}.`);
    return element;
  };
  return {
    async open(address) {
      await page.goto(address);
    },
    async goBack() {
      await page.goBack({ waitUntil: [] });
    },
    click: async (xpath) => (await find(xpath)).click(),
    fill: async (xpath, text) => {
      const field = await find(xpath);
      await field.evaluate((element) => (element as HTMLInputElement).select());
      await field.type(text);
    },
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    read: (expression) => page.evaluate(expression),
    resize: (width, height) => page.setViewport({ width, height }),
  };
}

async function openProfile(browser: Browser): Promise<Profile> {
  const context: BrowserContext = await browser.createBrowserContext();
  const faults: string[] = [];
  return {
    faults,
    async openTab() {
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(String(error)));
      return driveTab(page);
    },
    close: () => context.close(),
  };
}

/**
 * Starts Debian's or Mozilla's own Firefox over WebDriver BiDi. Playwright drives only its own build.
 *
 * @param executablePath of Firefox
 */
export async function startFirefox(executablePath: string): Promise<OtherBrowser> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  return {
    openProfile: () => openProfile(browser),
    close: () => browser.close(),
  };
}
