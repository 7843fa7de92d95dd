import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Builder, By, Capabilities, Key, until, type WebDriver } from 'selenium-webdriver';
import { findFreePort } from '../fixtures/server.ts';
import type { OtherBrowser, Profile, Tab } from './tab.ts';

const WAIT_MS = 15_000;
const START_MS = 20_000;
/** WebKitGTK's own small browser, which comes with the engine. */
const miniBrowsers = '/usr/{lib,lib64,libexec}/{,*/}webkit{2gtk-4.1,gtk-6.0}/MiniBrowser';

/** One session has one current tab, so every step first goes to its own. */
function driveTab(driver: WebDriver, handle: string): Tab {
  const here = async () => driver.switchTo().window(handle);
  const find = async (xpath: string) => {
    await here();
    const element = await driver.wait(until.elementLocated(By.xpath(xpath)), WAIT_MS);
    return driver.wait(until.elementIsVisible(element), WAIT_MS);
  };
  const send = async (keys: string) => {
    await here();
    await driver.actions().sendKeys(keys).perform();
  };
  const read = async (expression: string): Promise<unknown> => {
    await here();
    return driver.executeScript(`return ${expression}`);
  };
  return {
    async open(address) {
      await here();
      await driver.get(address);
    },
    async goBack() {
      await here();
      await driver.navigate().back();
    },
    click: async (xpath) => (await find(xpath)).click(),
    async fill(xpath, text) {
      const field = await find(xpath);
      await field.clear();
      await field.sendKeys(text);
    },
    type: send,
    press: (key) => send(key === 'Tab' ? Key.TAB : Key.ENTER),
    read,
    async resize(width, height) {
      const frame = (await read('[outerWidth - innerWidth, outerHeight - innerHeight]')) as [
        number,
        number,
      ];
      const size = { x: 0, y: 0, width: width + frame[0], height: height + frame[1] };
      await driver.manage().window().setRect(size);
    },
  };
}

async function openProfile(server: string, binary: string): Promise<Profile> {
  const options = { binary, args: ['--automation'] };
  const wanted = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': options,
  });
  const driver = await new Builder().usingServer(server).withCapabilities(wanted).build();
  let isFirst = true;
  return {
    faults: [],
    async openTab() {
      if (!isFirst) await driver.switchTo().newWindow('tab');
      isFirst = false;
      return driveTab(driver, await driver.getWindowHandle());
    },
    close: () => driver.quit(),
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill();
  await once(child, 'exit');
}

/** A screen that nobody sees: WebKitGTK has no mode without one. */
async function startScreen(): Promise<{ display: string; child: ChildProcess }> {
  const args = ['-displayfd', '3', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = (await Promise.race([
    once(child.stdio[3] as Readable, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('Xvfb ended before it had a screen.');
    }),
  ])) as [Buffer];
  return { display: `:${number.toString().trim()}`, child };
}

async function waitForDriver(address: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`${address}/status`).catch(() => null);
    if (answer?.ok) return;
    await wait(50);
  }
  throw new Error(`WebKitWebDriver does not answer at ${address}.`);
}

/**
 * Starts WebKitGTK, the engine of Safari, through its own WebDriver on a screen of its own.
 *
 * @param driverPath of WebKitWebDriver
 */
export async function startWebkit(driverPath: string): Promise<OtherBrowser> {
  const binary = globSync(miniBrowsers).find((file) => existsSync(file));
  if (!binary) throw new Error('WebKitGTK is here without its MiniBrowser.');
  const screen = await startScreen();
  let driver = await startDriver(driverPath, screen.display);
  return {
    async openProfile() {
      // The driver itself ends now and then, between two tests or as a session begins.
      if (hasEnded(driver.child)) driver = await startDriver(driverPath, screen.display);
      return openProfile(driver.address, binary).catch(async (fault: unknown) => {
        if (!(await isGone(driver.address))) throw fault;
        await endProcess(driver.child);
        driver = await startDriver(driverPath, screen.display);
        return openProfile(driver.address, binary);
      });
    },
    async close() {
      await endProcess(driver.child);
      await endProcess(screen.child);
    },
  };
}

async function startDriver(driverPath: string, display: string) {
  const port = await findFreePort();
  const args = [`--port=${port}`, '--host=127.0.0.1'];
  const child = spawn(driverPath, args, {
    env: { ...process.env, DISPLAY: display },
    stdio: 'ignore',
  });
  const address = `http://127.0.0.1:${port}`;
  await waitForDriver(address);
  return { child, address };
}

const isGone = async (address: string): Promise<boolean> =>
  (await fetch(`${address}/status`).catch(() => null)) === null;
