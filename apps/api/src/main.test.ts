import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase, createTestDatabaseUrl, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { makePerson } from './testing/people.ts';
import { runProgram, type Program } from './testing/run-program.ts';

const slowPasswords = {
  PASSWORD_SCRYPT_LOG2N: '16',
  PASSWORD_CONCURRENCY: '1',
  // The log tells of a request when it comes, too.
  LOG_LEVEL: 'debug',
};

/** Sends registrations, and waits until the server is at work on all of them. */
async function sendRegistrations(server: Program, count: number): Promise<Promise<number>[]> {
  const url = await server.waitForUrl();
  const answers = Array.from({ length: count }, async () => {
    const answer = await fetch(`${url}/trpc/auth.register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify(makePerson()),
    });
    return answer.status;
  });
  await server.waitFor(/incoming request/, count);
  return answers;
}

describe.each(dialects)('the server’s process on %s', (dialect) => {
  test('migrates an empty database, listens, and ends with 0 when told to', async () => {
    await using place = await createTestDatabaseUrl(dialect, 'empty');
    await using server = runProgram('main.ts', { DATABASE_URL: place.url });
    const url = await server.waitForUrl();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.waitForEnd()).toMatchObject({ code: 0 });
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('deletes what is over beside its work, and stops in the middle of it', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Session } = place.database;
    const passwordHash = '$scrypt$';
    const { id } = await User.create({ name: 'Ada', email: 'ada@example.com', passwordHash });
    const over = new Date(0);
    const sessions = Array.from({ length: 5000 }, (_, index) => ({
      userId: id,
      tokenHash: index.toString(16).padStart(64, '0'),
      staySignedIn: false,
      authenticatedAt: over,
      lastSeenAt: over,
      idleExpiresAt: over,
      expiresAt: over,
    }));
    await Session.bulkCreate(sessions);
    await using first = runProgram('main.ts', { DATABASE_URL: place.url });
    await first.waitForUrl();
    await vi.waitFor(async () => expect(await Session.count()).toBeLessThan(5000), 20_000);
    first.signal('SIGTERM');
    expect(await first.waitForEnd()).toMatchObject({ code: 0 });
    await using second = runProgram('main.ts', { DATABASE_URL: place.url });
    await second.waitForUrl();
    await vi.waitFor(async () => expect(await Session.count()).toBe(0), 20_000);
  });

  test('on a port that the system chose says where it is, and knows its own forms', async () => {
    await using place = await createTestDatabaseUrl(dialect, 'empty');
    await using server = runProgram('main.ts', { DATABASE_URL: place.url, PORT: '0' });
    const [, origin = ''] = await server.waitFor(/Latchkey is at (http:\/\/localhost:\d+)/);
    const { port } = new URL(await server.waitForUrl());
    expect(origin).toBe(`http://localhost:${port}`);
    const headers = { origin, 'content-type': 'application/json' };
    const body = JSON.stringify({ identifier: 'nobody', password: 'a wrong password' });
    const answer = await fetch(`${origin}/trpc/auth.login`, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what runs before it ends on %s',
    async (signal) => {
      await using place = await createTestDatabaseUrl(dialect);
      await using server = runProgram('main.ts', { DATABASE_URL: place.url, ...slowPasswords });
      const answers = await sendRegistrations(server, 3);
      server.signal(signal);
      expect(await Promise.all(answers)).toEqual([200, 200, 200]);
      const { code, output } = await server.waitForEnd();
      expect(code).toBe(0);
      expect(output).toContain(`${signal}: stopping after open requests finish.`);
    },
  );

  test('takes two signals at once for one, as npm doubles them', async () => {
    await using place = await createTestDatabaseUrl(dialect);
    await using server = runProgram('main.ts', { DATABASE_URL: place.url, ...slowPasswords });
    const answers = await sendRegistrations(server, 2);
    server.signal('SIGINT');
    server.signal('SIGTERM');
    expect(await Promise.all(answers)).toEqual([200, 200]);
    expect(await server.waitForEnd()).toMatchObject({ code: 0 });
  });

  test('ends at once on a second signal of somebody who will not wait', async () => {
    await using place = await createTestDatabaseUrl(dialect);
    await using server = runProgram('main.ts', {
      DATABASE_URL: place.url,
      ...slowPasswords,
      PASSWORD_SCRYPT_LOG2N: '17',
    });
    const answers = await sendRegistrations(server, 10);
    server.signal('SIGTERM');
    await server.waitFor(/stopping after open requests/);
    await delay(400);
    server.signal('SIGTERM');
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.map(({ status }) => status)).toContain('rejected');
    expect(await server.waitForEnd()).toMatchObject({ code: 1 });
  });
});

describe('a server that cannot start', () => {
  test('names every faulty setting and ends with 1', async () => {
    await using server = runProgram('main.ts', {
      PORT: 'eighty',
      PUBLIC_URL: 'http://members.example',
      DATABASE_URL: 'pg://user:hunter2@host/name',
    });
    const { code, output } = await server.waitForEnd();
    expect(code).toBe(1);
    expect(output).toMatch(/^Latchkey cannot start: 3 settings need attention\.\n {2}PORT must /);
    expect(output).toMatch(/\n {2}PUBLIC_URL must .+\n {2}DATABASE_URL must /);
    expect(output).not.toMatch(/hunter2|eighty|\n\s+at /);
  });

  test('says that its port is taken and what to do', async () => {
    await using place = await createTestDatabaseUrl('sqlite');
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await using server = runProgram('main.ts', { DATABASE_URL: place.url, PORT: String(port) });
    const { code, output } = await server.waitForEnd();
    other.close();
    expect(code).toBe(1);
    expect(output).toBe(
      `Latchkey cannot listen at 127.0.0.1:${port}: another program uses this port. Stop that program, or set PORT to another number.\n`,
    );
  });

  test.each(['main.ts', 'migrate.ts'])(
    'says that the database does not answer, without its password: %s',
    async (fileName) => {
      const DATABASE_URL = 'postgres://user:hunter2@127.0.0.1:1/latchkey';
      await using server = runProgram(fileName, { DATABASE_URL });
      const { code, output } = await server.waitForEnd();
      expect(code).toBe(1);
      expect(output).toContain(
        'The database postgres://127.0.0.1:1/latchkey could not be opened: ',
      );
      expect(output).toContain('DATABASE_URL');
      expect(output).not.toMatch(/hunter2|\n\s+at /);
    },
  );

  test.each(['/dev/null', '/proc/nobody'])('says that no database can be in %s', async (folder) => {
    await using server = runProgram('main.ts', { DATABASE_URL: `sqlite:${folder}/x.sqlite` });
    const { code, output } = await server.waitForEnd();
    expect(code).toBe(1);
    const said = `The database sqlite:${folder}/x.sqlite could not be opened: `;
    expect(output.slice(0, said.length)).toBe(said);
    expect(output).not.toMatch(/\n\s+at /);
  });
});

describe('migrate', () => {
  test.each(dialects)('brings a database up to date on %s, twice without harm', async (dialect) => {
    await using place = await createTestDatabaseUrl(dialect, 'empty');
    for (let run = 0; run < 2; run += 1) {
      await using program = runProgram('migrate.ts', { DATABASE_URL: place.url });
      expect(await program.waitForEnd()).toEqual({
        code: 0,
        output: 'The database is up to date.\n',
      });
    }
  });
});
