import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { refuse, startMailServer } from '../testing/mail-server.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { examineMail } from '../doctor/examine-mail.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

describe.each(dialects)('the operator’s mail commands on %s', (dialect) => {
  test('list mails and try again what has failed, but not what is being sent', async () => {
    await using place = await createTestDatabase(dialect);
    const { Mail } = place.database;
    const failed = { nextAttemptAt: null, failedAt: new Date(), lastError: '550 no such mailbox' };
    const claimed = { claimedBy: '00000000-0000-4000-8000-000000000000', attempts: 1 };
    for (const values of [failed, claimed, { sentAt: new Date(), nextAttemptAt: null }]) {
      const mail = await enqueueMail(place.database, {
        kind: 'news',
        recipient: 'ada@example.com',
      });
      await mail.update(values);
    }
    const env = { DATABASE_URL: place.url };
    const listed = await runAdmin(env, 'mail', 'list', '--json');
    const states = (JSON.parse(listed.stdout) as { state: string }[]).map(({ state }) => state);
    expect(states.sort()).toEqual(['failed', 'retrying', 'sent']);
    const shown = (await runAdmin(env, 'mail', 'list')).stdout;
    expect(shown).toMatch(/failed .* 550 no such mailbox/);
    expect(shown).toContain('1 mail waiting, 1 failed.');
    const retried = await runAdmin(env, 'mail', 'retry');
    expect(retried).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 mail will/) as string,
    });
    expect(await Mail.count({ where: { failedAt: null, attempts: 0, sentAt: null } })).toBe(1);
    const unknown = await runAdmin(env, 'mail', 'retry', claimed.claimedBy);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mail list') as string,
    });
  });
});

const both = async (domain: string) => [
  domain.startsWith('_dmarc') ? 'v=DMARC1; p=none' : 'v=spf1 mx -all',
];

async function examine(
  env: Record<string, string>,
  findTexts = both as () => Promise<string[] | null>,
) {
  const findings = [];
  for await (const finding of examineMail(parseSettings(env), findTexts)) findings.push(finding);
  return findings.map(({ state, detail }) => [state, detail]);
}

describe('doctor', () => {
  test('says that mail is off', async () => {
    expect(await examine({})).toEqual([['ok', expect.stringMatching(/^off/)]]);
  });

  test('finds a mail server that answers, and what is missing in the DNS', async () => {
    await using server = await startMailServer();
    const answers = ['ok', expect.stringMatching(/answers \(on this machine, no log-in needed\)/)];
    expect(await examine(server.settings)).toEqual([answers, ['ok', expect.any(String)]]);
    expect(await examine(server.settings, async () => [])).toEqual([
      answers,
      ['warning', 'example.com has no SPF and no DMARC record'],
    ]);
    expect(await examine(server.settings, async () => null)).toEqual([
      answers,
      ['warning', 'the DNS did not answer for example.com'],
    ]);
  });

  test('names a sender that the server refuses, with its answer, and sends nothing', async () => {
    const tried: string[] = [];
    await using server = await startMailServer({
      onMailFrom({ address }, _session, done) {
        tried.push(address);
        done(refuse(553, 'Sender address rejected'));
      },
    });
    const [refused] = await examine(server.settings);
    const detail = /refuses noreply@example\.com: 553 Sender address rejected$/;
    expect(refused).toEqual(['problem', expect.stringMatching(detail)]);
    expect([tried, server.mails]).toEqual([['noreply@example.com'], []]);
  });

  test('finds a server that is away, and one that refuses the log-in, without the password', async () => {
    await using server = await startMailServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Wrong password')),
    });
    const url = `smtp://ada:hunter2@127.0.0.1:${server.port}`;
    const [refused] = await examine({ ...server.settings, SMTP_URL: url });
    expect(refused).toEqual(['problem', expect.stringContaining('535')]);
    expect(JSON.stringify(refused)).not.toContain('hunter2');
    const [away] = await examine({ ...server.settings, SMTP_URL: 'smtp://127.0.0.1:9' });
    expect(away).toEqual(['problem', expect.stringContaining('ECONNREFUSED')]);
  });
});
