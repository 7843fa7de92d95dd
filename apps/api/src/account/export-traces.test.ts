import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { findCode, startMailServer } from '../testing/mail-server.ts';
import { sendMails } from '../testing/mailed.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

describe.each(dialects)('on %s an export', (dialect) => {
  test('has the mails and the security log of its person alone, and no secret of them', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { database, deps } = server;
    const { client, person, user, browser } = await signUp(server);
    const other = await signUp(server);
    await client.auth.requestPasswordReset.mutate({ identifier: person.email });
    await other.client.auth.requestPasswordReset.mutate({ identifier: other.person.email });
    await sendMails(server);
    await deps.securityLog.flush();

    const exported = await client.account.export.mutate({});
    const sent = exported.mails.filter(({ kind }) => kind === 'password-reset');
    expect(sent).toMatchObject([{ to: person.email, failedAt: null }]);
    expect(Number.isNaN(Date.parse(sent[0]?.sentAt ?? ''))).toBe(false);
    expect(exported.securityEvents).not.toEqual([]);
    for (const { address } of exported.securityEvents) expect(address).toBe(browser.address);
    const names = exported.securityEvents.map(({ event }) => event);
    expect(names).toContain('user_created');

    const codes = mail.mails.map((arrived) => findCode(arrived)).filter(Boolean);
    const sources = await database.SecurityEventSource.findAll();
    const events = await database.SecurityEvent.findAll();
    expect(codes.length).toBeGreaterThanOrEqual(2);
    expect(sources.length).toBeGreaterThan(exported.securityEvents.length);
    const text = JSON.stringify(exported);
    for (const secret of [
      ...codes,
      ...sources.map(({ salt }) => salt),
      ...events.flatMap(({ hash, sourceHash }) => [hash, sourceHash]),
      other.person.email,
      other.browser.address,
    ]) {
      expect(text).not.toContain(secret);
    }

    await enqueueMail(database, { kind: 'news', userId: user.id, recipient: person.email });
    await client.account.delete.mutate({ email: person.email });
    const left = JSON.stringify(await database.Mail.findAll());
    for (const trace of [user.id, person.email]) expect(left).not.toContain(trace);
    expect(left).toContain(other.user.id);
  });
});
