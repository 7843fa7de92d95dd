import type { Database, Mail } from '@latchkey/db';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { mailOn } from '../testing/mailed.ts';
import { signUpOperator } from '../testing/operators.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

const claimedBy = '00000000-0000-4000-8000-000000000000';
const failed = () => ({
  nextAttemptAt: null,
  failedAt: new Date(),
  claimedBy,
  attempts: 3,
  lastError: '550 no such mailbox',
});
const sent = () => ({ nextAttemptAt: null, sentAt: new Date(), attempts: 1 });

async function addMail(database: Database, values: object = {}): Promise<Mail> {
  const mail = await enqueueMail(database, {
    kind: 'registration',
    recipient: 'ada@xn--exmple-cua.de',
    details: { link: 'the-id-of-a-link' },
  });
  return mail.update(values);
}

describe.each(dialects)('operator.mails on %s', (dialect) => {
  test('has what waits, is tried again or failed, and no content of them', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const { client } = await signUpOperator(server);
    const all = {
      waiting: await addMail(database),
      retrying: await addMail(database, { attempts: 2, lastError: '451 later' }),
      claimed: await addMail(database, { attempts: 1, claimedBy }),
      failed: await addMail(database, failed()),
      sent: await addMail(database, sent()),
    };
    const list = async (show?: 'waiting' | 'failed' | 'sent' | 'all') => {
      const { mails } = await client.operator.mails.query(show === undefined ? {} : { show });
      const names = Object.entries(all).map(([name, { id }]) => [id, name] as const);
      return mails.map(({ id }) => new Map(names).get(id)).toSorted();
    };
    expect(await list()).toEqual(['claimed', 'failed', 'retrying', 'waiting']);
    expect(await list('waiting')).toEqual(['claimed', 'retrying', 'waiting']);
    expect(await list('failed')).toEqual(['failed']);
    expect(await list('sent')).toEqual(['sent']);
    expect(await list('all')).toEqual(Object.keys(all).toSorted());
    const page = await client.operator.mails.query();
    expect(page).toMatchObject({ counts: { waiting: 3, failed: 1, sent: 1 }, isOn: false });
    expect(page.mails.find(({ id }) => id === all.failed.id)).toMatchObject({
      ...{ state: 'failed', kind: 'registration', attempts: 3, canRetry: true },
      ...{ recipient: 'ada@exämple.de', lastError: '550 no such mailbox' },
    });
    expect(page.mails.find(({ id }) => id === all.claimed.id)?.canRetry).toBe(false);
    expect(JSON.stringify(page)).not.toContain('the-id-of-a-link');
  });

  test('sends one again, or all, and the security log has who did it', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { database } = server;
    const { client, user } = await signUpOperator(server);
    await database.Mail.destroy({ where: {} });
    const one = await addMail(database, failed());
    const other = await addMail(database, failed());
    const claimed = await addMail(database, { attempts: 1, claimedBy });
    const done = await addMail(database, sent());
    const retry = (id?: string) => client.operator.retryMail.mutate(id === undefined ? {} : { id });
    expect(await retry(one.id)).toEqual({ retried: 1 });
    await one.reload();
    expect(one).toMatchObject({ failedAt: null, claimedBy: null, attempts: 0 });
    expect(one.nextAttemptAt?.getTime()).toBeLessThanOrEqual(Date.now());
    for (const { id } of [claimed, done]) expect(await retry(id)).toEqual({ retried: 0 });
    expect(await retry(claimedBy)).toEqual({ retried: 0 });
    expect(await retry()).toEqual({ retried: 2 });
    expect((await other.reload()).failedAt).toBeNull();
    expect((await done.reload()).nextAttemptAt).toBeNull();
    const events = await database.SecurityEvent.findAll({
      where: { event: 'authz_admin' },
      include: 'source',
      order: ['id'],
    });
    expect(events.map(({ outcome, source }) => [outcome, source?.userId])).toEqual([
      ['mail-retried', user.id],
      ['mails-retried', user.id],
    ]);
  });

  test('has pages of 50, each mail once', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const { client } = await signUpOperator(server);
    const start = Date.now() - 1_000_000;
    const rows = Array.from({ length: 120 }, (_, index) => ({
      ...{ kind: 'notice', giveUpAt: new Date(), nextAttemptAt: new Date() },
      createdAt: new Date(start + Math.floor(index / 7) * 1000),
    }));
    await database.Mail.bulkCreate(rows);
    const seen: string[] = [];
    for (let isMore = true; isMore;) {
      const cursor = seen.at(-1);
      const page = await client.operator.mails.query(cursor === undefined ? {} : { cursor });
      seen.push(...page.mails.map(({ id }) => id));
      ({ isMore } = page);
    }
    expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
  });

  test('is on where there is a mail server', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { client } = await signUpOperator(server);
    expect((await client.operator.mails.query()).isOn).toBe(true);
  });
});

test('mails of an account have its id, and go with it', async () => {
  await using server = await startTestServer('sqlite');
  const ada = await signUp(server);
  const { client } = await signUpOperator(server);
  await enqueueMail(server.database, { kind: 'notice', userId: ada.user.id });
  const { mails } = await client.operator.mails.query();
  expect(mails).toMatchObject([{ userId: ada.user.id, recipient: null }]);
});
