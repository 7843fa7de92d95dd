import { openDatabase } from '@latchkey/db';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { startMailServer, findCode, type ArrivedMail } from './testing/mail-server.ts';
import { runProgram } from './testing/run-program.ts';
import { createTemporaryFolder } from './testing/temporary-folder.ts';

// Each test starts processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

const person = {
  name: 'Ada',
  email: 'ada@example.com',
  passwordHash: '$scrypt$ln=10,r=8,p=1$c2FsdA$aGFzaA',
};

async function askForLink(url: string) {
  const body = new URLSearchParams({ identifier: person.email });
  const headers = { 'sec-fetch-site': 'same-origin' };
  const answer = await fetch(`${url}/forgot-password`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  });
  expect(answer.headers.get('location')).toBe('/forgot-password#reset-sent');
}

describe.each(dialects)('a server with %s that is killed while it sends a mail', (dialect) => {
  test('loses nothing: the next one sends it', async () => {
    await using place = await createTestDatabase(dialect);
    await using folder = await createTemporaryFolder({});
    await place.database.User.create(person);
    const arriving = Promise.withResolvers<null>();
    const arrived = Promise.withResolvers<ArrivedMail>();
    let isFirst = true;
    await using server = await startMailServer({
      onData(stream, { envelope }, done) {
        let source = '';
        stream.on('data', (chunk: Buffer) => (source += chunk.toString()));
        stream.on('end', () => {
          // The first one never hears that its mail has come.
          if (isFirst) return arriving.resolve(null);
          arrived.resolve({ to: envelope.rcptTo[0]?.address ?? '', source });
          done();
        });
      },
    });
    const env = { ...server.settings, DATABASE_URL: place.url, DATA_DIR: folder.path };
    await using first = runProgram('main.ts', env);
    await askForLink(await first.waitForUrl());
    await arriving.promise;
    first.signal('SIGKILL');
    await first.waitForEnd();
    isFirst = false;
    const database = await openDatabase(place.url);
    expect(await database.Mail.findOne()).toMatchObject({ attempts: 1, sentAt: null });
    // As if the time of its claim were over.
    await database.Mail.update({ nextAttemptAt: new Date() }, { where: {} });
    await database.close();
    await using second = runProgram('main.ts', env);
    await second.waitForUrl();
    const mail = await arrived.promise;
    expect([mail.to, findCode(mail)]).toEqual([person.email, expect.stringMatching(/^[\w-]{43}$/)]);
    second.signal('SIGTERM');
    expect((await second.waitForEnd()).code).toBe(0);
  });
});
