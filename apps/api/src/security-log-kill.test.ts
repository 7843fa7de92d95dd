import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { verifySecurityLog } from './security-log/verify-security-log.ts';
import { runProgram } from './testing/run-program.ts';
import { createTemporaryFolder } from './testing/temporary-folder.ts';

// Each test starts processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

/** A visitor whom a members' page is refused to, each from an address of their own. */
const refuse = (url: string, address: string) =>
  fetch(`${url}/secrets`, { redirect: 'manual', headers: { 'x-forwarded-for': address } });

describe.each(dialects)('the security log of servers with %s', (dialect) => {
  test('is whole after kill -9, and has all after a graceful end', async () => {
    await using place = await createTestDatabase(dialect);
    await using folder = await createTemporaryFolder({});
    const { database } = place;
    const env = { DATABASE_URL: place.url, DATA_DIR: folder.path, TRUST_PROXY: '1' };
    await using killed = runProgram('main.ts', env);
    await using other = runProgram('main.ts', env);
    const urls = [await killed.waitForUrl(), await other.waitForUrl()] as const;
    let isKilled = false;
    const flood = async (url: string, net: number) => {
      let sent = 0;
      while (!isKilled) {
        await refuse(url, `10.${net}.${sent >> 8}.${sent & 255}`).catch(() => (isKilled = true));
        sent += 1;
      }
    };
    const floods = Promise.all(urls.map(flood));
    await vi.waitFor(
      async () => expect(await database.SecurityEvent.count()).toBeGreaterThan(40),
      60_000,
    );
    killed.signal('SIGKILL');
    await killed.waitForEnd();
    isKilled = true;
    await floods;
    expect(await verifySecurityLog(database)).toMatchObject({ outcome: 'whole' });
    const last = Array.from({ length: 30 }, (_, index) => `10.9.9.${index}`);
    await Promise.all(last.map((address) => refuse(urls[1], address)));
    other.signal('SIGTERM');
    expect((await other.waitForEnd()).code).toBe(0);
    expect(await database.SecurityEventSource.count({ where: { address: last } })).toBe(30);
    expect(await verifySecurityLog(database)).toMatchObject({ outcome: 'whole' });
  });
});
