import { createServer } from 'node:net';
import { once } from 'node:events';
import type { Database } from '@latchkey/db';
import { createTestDatabase, dialects, findFreePort } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { createLog } from '../process/log.ts';
import { createMetrics } from '../process/metrics.ts';
import { readHeader, refuse, startMailServer } from '../testing/mail-server.ts';
import { claimMail, markSent } from './claim-mail.ts';
import { enqueueMail } from './enqueue-mail.ts';
import { openMailServer } from './mail-server.ts';
import { startMailWorker } from './mail-worker.ts';
import { purgeOldMails } from './purge-mails.ts';

const sender = { address: 'noreply@example.com' };
const content = { subject: 'News', text: 'Some news.', html: '<p>Some news.</p>', hasCode: false };
const brisk = { idleMs: 20, awayMs: 20, endMs: 2000 };
const patient = { timeout: 20_000 };

/** A worker as a process has one. Take it with `await using`. */
function startWorker(database: Database, port: number) {
  const lines: string[] = [];
  const log = createLog({ logLevel: 'info' }, { write: (line) => void lines.push(line) });
  const server = { host: '127.0.0.1', port, isSecure: false };
  const stop = startMailWorker(
    {
      database,
      log,
      metrics: createMetrics(),
      domain: 'example.com',
      composers: {
        news: async ({ recipient }) => recipient && { ...content, recipient },
        nothing: async () => null,
        broken: async () => Promise.reject(new Error('no words')),
      },
      connect: () => openMailServer(server, sender),
    },
    brisk,
  );
  return { lines, stop, [Symbol.asyncDispose]: stop };
}

const enqueue = (database: Database, recipient = 'ada@example.com', kind = 'news') =>
  enqueueMail(database, { kind, recipient });

async function waitUntil(database: Database, values: object) {
  return vi.waitFor(async () => {
    const mail = await database.Mail.findOne();
    expect(mail).toMatchObject(values);
    return mail;
  }, patient);
}

/** As if its wait were over. */
const makeDue = (database: Database) =>
  database.Mail.update({ nextAttemptAt: new Date() }, { where: { sentAt: null } });

const isSent = { sentAt: expect.any(Date) as Date, nextAttemptAt: null, lastError: null };

describe.each(dialects)('the queue of mails on %s', (dialect) => {
  test('is sent, once, as text and HTML from the sender', async () => {
    await using place = await createTestDatabase(dialect);
    await using server = await startMailServer();
    const { id } = await enqueue(place.database);
    await using worker = startWorker(place.database, server.port);
    await waitUntil(place.database, { ...isSent, attempts: 1 });
    await worker.stop();
    const [mail] = server.mails;
    expect(server.mails).toHaveLength(1);
    expect(
      mail && ['From', 'To', 'Message-ID', 'Auto-Submitted'].map((name) => readHeader(mail, name)),
    ).toEqual(['noreply@example.com', 'ada@example.com', `<${id}@example.com>`, 'auto-generated']);
    expect(mail?.source).toMatch(/multipart\/alternative/);
    expect(worker.lines.join('')).not.toContain('ada@example.com');
  });

  test('is not sent where the transaction of what it tells of is rolled back', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const failing = database.sequelize.transaction(async (transaction) => {
      await enqueueMail(database, { kind: 'news', recipient: 'ada@example.com' }, transaction);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await database.Mail.count()).toBe(0);
  });

  test('is sent by two processes, each mail once', async () => {
    await using place = await createTestDatabase(dialect);
    await using server = await startMailServer();
    const recipients = Array.from({ length: 40 }, (_, index) => `person-${index}@example.com`);
    for (const recipient of recipients) await enqueue(place.database, recipient);
    await using _one = startWorker(place.database, server.port);
    await using _other = startWorker(place.database, server.port);
    await vi.waitFor(async () => {
      expect(await place.database.Mail.count({ where: { sentAt: null } })).toBe(0);
    }, patient);
    expect(server.mails.map(({ to }) => to).sort()).toEqual(recipients.sort());
  });

  test('is claimed by one of many who ask at once', async () => {
    await using place = await createTestDatabase(dialect);
    await enqueue(place.database);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimMail(place.database)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('is taken again when the claim of a process that is gone ends, and that one changes nothing more', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    await enqueue(database);
    const lost = await claimMail(database);
    expect(await claimMail(database)).toBeNull();
    await makeDue(database);
    const mail = await claimMail(database);
    expect(mail?.attempts).toBe(2);
    if (lost) await markSent(database, lost);
    expect(await database.Mail.findOne()).toMatchObject({ sentAt: null });
  });

  test('waits where it cannot be written, and the others do not wait for it', async () => {
    await using place = await createTestDatabase(dialect);
    await using server = await startMailServer();
    const { id } = await enqueue(place.database, 'ada@example.com', 'broken');
    await enqueue(place.database, 'grace@example.com');
    await using worker = startWorker(place.database, server.port);
    await vi.waitFor(() => expect(server.mails).toHaveLength(1), patient);
    await worker.stop();
    expect(await place.database.Mail.findByPk(id)).toMatchObject({
      attempts: 1,
      lastError: 'The mail could not be written. The log says why.',
      sentAt: null,
    });
    expect(worker.lines.join('')).toContain('no words');
  });

  test('waits while the server is away, and costs no attempt', async () => {
    await using place = await createTestDatabase(dialect);
    const port = await findFreePort();
    await enqueue(place.database);
    await using worker = startWorker(place.database, port);
    await vi.waitFor(() => expect(worker.lines.length).toBeGreaterThan(2), patient);
    expect(worker.lines.join('')).toContain('ECONNREFUSED');
    expect(await place.database.Mail.findOne()).toMatchObject({ attempts: 0, sentAt: null });
    await using server = await startMailServer({}, port);
    await waitUntil(place.database, { ...isSent, attempts: 1 });
    expect(server.mails).toHaveLength(1);
  });

  test('is given up after a day without the server', async () => {
    await using place = await createTestDatabase(dialect);
    await enqueue(place.database);
    await place.database.Mail.update({ giveUpAt: new Date() }, { where: {} });
    await using _worker = startWorker(place.database, await findFreePort());
    await waitUntil(place.database, {
      failedAt: expect.any(Date) as Date,
      nextAttemptAt: null,
      lastError: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  test.each([
    [
      'the recipient',
      {
        onRcptTo: (_address: unknown, _session: unknown, done: (error: Error) => void) =>
          done(refuse(450)),
      },
    ],
    [
      'the sender',
      {
        onMailFrom: (_address: unknown, _session: unknown, done: (error: Error) => void) =>
          done(refuse(550)),
      },
    ],
  ])('tries again later when the server refuses %s for now', async (_, options) => {
    await using place = await createTestDatabase(dialect);
    await using server = await startMailServer(options);
    await enqueue(place.database);
    await using _worker = startWorker(place.database, server.port);
    const mail = await waitUntil(place.database, {
      attempts: 1,
      failedAt: null,
      lastError: expect.any(String) as string,
    });
    expect(mail?.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now());
  });

  test('gives up at once what the server refuses for good, and goes on with the next', async () => {
    await using place = await createTestDatabase(dialect);
    await using server = await startMailServer({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('nobody') ? refuse(550, 'no such mailbox') : null),
    });
    await enqueue(place.database, 'nobody@example.com');
    await enqueue(place.database);
    await using _worker = startWorker(place.database, server.port);
    await vi.waitFor(async () => {
      const mails = await place.database.Mail.findAll({ order: [['recipient', 'ASC']] });
      expect(mails).toMatchObject([
        isSent,
        {
          attempts: 1,
          sentAt: null,
          failedAt: expect.any(Date) as Date,
          lastError: '550 no such mailbox',
        },
      ]);
    }, patient);
  });

  test('is sent again when the connection breaks in the middle', async () => {
    await using place = await createTestDatabase(dialect);
    let breaks = true;
    const sources: string[] = [];
    await using server = await startMailServer({
      onData(stream, _session, done) {
        if (breaks) {
          breaks = false;
          return server.cut();
        }
        stream.on('data', (chunk: Buffer) => sources.push(chunk.toString()));
        stream.on('end', () => done());
      },
    });
    await enqueue(place.database);
    await using _worker = startWorker(place.database, server.port);
    await waitUntil(place.database, {
      attempts: 1,
      sentAt: null,
      lastError: expect.any(String) as string,
    });
    await makeDue(place.database);
    await waitUntil(place.database, { ...isSent, attempts: 2 });
    expect(sources.join('')).toContain('Some news.');
  });

  test('loses nothing to a server that says nothing, and its end does not wait for it', async () => {
    await using place = await createTestDatabase(dialect);
    const connected = Promise.withResolvers<null>();
    const silent = createServer((socket) => {
      socket.on('error', () => undefined);
      connected.resolve(null);
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    await enqueue(place.database);
    const worker = startWorker(
      place.database,
      typeof address === 'object' ? (address?.port ?? 0) : 0,
    );
    await connected.promise;
    await worker.stop();
    expect(await place.database.Mail.findOne()).toMatchObject({
      attempts: 0,
      sentAt: null,
      failedAt: null,
    });
    silent.close();
  });

  test('drops what has nothing to tell, and keeps what another version can write', async () => {
    await using place = await createTestDatabase(dialect);
    await using server = await startMailServer();
    await enqueue(place.database, 'ada@example.com', 'nothing');
    await enqueue(place.database, 'ada@example.com', 'from-the-future');
    await using _worker = startWorker(place.database, server.port);
    await vi.waitFor(async () => {
      expect(await place.database.Mail.findAll()).toMatchObject([
        { kind: 'from-the-future', attempts: 1, failedAt: null },
      ]);
    }, patient);
    expect(server.mails).toEqual([]);
  });

  test('keeps what was sent for a week and what failed for a month', async () => {
    await using place = await createTestDatabase(dialect);
    const { Mail } = place.database;
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
    const row = (kind: string, days: number, field: string) => ({
      kind,
      giveUpAt: ago(days),
      createdAt: ago(days),
      [field]: ago(days),
    });
    await Mail.bulkCreate([
      row('kept', 6, 'sentAt'),
      row('old', 8, 'sentAt'),
      row('kept', 29, 'failedAt'),
      row('old', 31, 'failedAt'),
      row('kept', 40, 'nextAttemptAt'),
    ]);
    expect(await purgeOldMails(place.database)).toBe(2);
    expect((await Mail.findAll()).map(({ kind }) => kind)).toEqual(['kept', 'kept', 'kept']);
  });
});
