import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problem } from '../doctor/finding.ts';
import { signUp } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';
import { escapeHtml } from '../text/escape-html.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

async function signUpWith(server: TestServer, role: string) {
  const signedUp = await signUp(server);
  const { id } = signedUp.user;
  await server.database.User.update({ roles: [role] }, { where: { id } });
  return signedUp;
}

/** What a page's table says, the oldest day first. */
function readTable(html: string, caption: string): string[][] {
  const [, rows = ''] =
    new RegExp(`<caption>${caption}.*?<tbody>(.*?)</tbody>`, 's').exec(html) ?? [];
  return [...rows.matchAll(/<tr>(.*?)<\/tr>/gs)]
    .map(([, row = '']) => [
      ...[...row.matchAll(/datetime="(.*?)"/g)].map(([, day = '']) => day),
      ...[...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, number = '']) => number),
    ])
    .toReversed();
}

describe.each(dialects)('what operators see of the site on %s', (dialect) => {
  test('is its health, as text, with problems first', async () => {
    await using server = await startTestServer(dialect, { PUBLIC_URL: 'http://localhost:1' });
    const { browser, client } = await signUpWith(server, 'operator');
    const { findings, at } = await client.operator.health.query();
    expect(at).toMatch(/^2026-11-27T12:00:1/);
    expect(findings[0]?.state).not.toBe('ok');
    const html = await (await browser.visit('/operator/health')).text();
    for (const { detail } of findings) {
      expect(html).toContain(escapeHtml(detail));
    }
    expect(html).toContain('Password hash');
    expect(html.indexOf('>Warning<')).toBeLessThan(html.indexOf('>Fine<'));
    expect(html).toContain('27 November 2026, 12:00 UTC');
  });

  test('has no password of the settings, and what others answered as text', async () => {
    const SMTP_URL = 'smtp://ada:hunter2@127.0.0.1:1';
    const env = { SMTP_URL, MAIL_FROM: 'noreply@example.com', PUBLIC_URL: 'http://localhost:1' };
    await using server = await startTestServer(dialect, env);
    const { browser } = await signUpWith(server, 'operator');
    const html = await (await browser.visit('/operator/health')).text();
    expect(html).toContain('127.0.0.1:1: ');
    expect(html).not.toContain('hunter2');
    if (dialect === 'postgres') {
      const { password } = new URL(server.deps.settings.databaseUrl);
      expect(password).not.toBe('');
      expect(html).not.toContain(`:${password}@`);
    }
    const findings = [problem('mail server', '535 <b>No</b>', '<i>Look.</i>')];
    server.deps.checkUp = async () => ({ findings, at: '2026-11-27T12:00:00.000Z' });
    const shown = await (await browser.visit('/operator/health')).text();
    for (const text of [
      '535 &lt;b&gt;No&lt;/b&gt;',
      '&lt;i&gt;Look.',
      '>1 problem.<',
      'Mail server',
    ])
      expect(shown).toContain(text);
  });

  test('is what all processes counted today, each once', async () => {
    await using server = await startTestServer(dialect, { FREE_READS: '1' });
    await using other = await startTestServer(
      dialect,
      { FREE_READS: '1' },
      { database: server.database },
    );
    const { browser, client, person } = await signUpWith(server, 'operator');
    const member = await signUpWith(other, 'member');
    const { email: identifier, password } = person;
    await createClient(other.openBrowser()).auth.login.mutate({ identifier, password });
    for (const wrong of ['not this one', 'nor this one']) {
      const login = createClient(server.openBrowser()).auth.login;
      await catchRefusal(login.mutate({ identifier, password: wrong }));
    }
    const reader = createClient(other.openBrowser());
    const { items } = await reader.articles.list.query();
    const [one = '', two = ''] = items.map(({ slug }) => slug);
    await reader.articles.read.mutate({ slug: one });
    await reader.articles.read.mutate({ slug: one });
    await catchRefusal(reader.articles.read.mutate({ slug: two }));
    for (const slug of [one, two]) {
      await member.client.articles.read.mutate({ slug });
      await member.browser.visit(`/blog/${slug}`);
      const prefetch = { headers: { 'sec-purpose': 'prefetch' } };
      await member.browser.fetch(`/blog/${slug}`, prefetch);
      await member.browser.fetch(`/blog/${slug}`, { method: 'HEAD' });
    }
    await other.deps.figures.flush();

    const { since, from, to, days } = await client.operator.figures.query({ days: 90 });
    expect([since, from, to]).toEqual(['2026-11-27', '2026-08-30', '2026-11-27']);
    expect(days).toEqual([
      {
        ...{ day: '2026-11-27', registrations: 2, logins: 1, failedLogins: 2 },
        ...{ reads: 6, walls: 1 },
      },
    ]);
    const html = await (await browser.visit('/operator/figures')).text();
    expect(readTable(html, 'Registrations')).toEqual([['2026-11-27', '2']]);
    expect(readTable(html, 'Log-ins')).toEqual([['2026-11-27', '1', '2']]);
    expect(readTable(html, 'Articles')).toEqual([['2026-11-27', '6', '1']]);
    expect(html).toContain(
      '<title>Failed log-ins each day from 29 October 2026 to 27 November 2026, counted since 27 November 2026: 2 in all',
    );
    expect(html).not.toMatch(/ style=/);
  });

  test('goes as far back as is asked for, and no other way', async () => {
    await using server = await startTestServer(dialect);
    await server.database.DailyFigures.create({ day: '2026-01-01', reads: 12_345 });
    const { browser, client } = await signUpWith(server, 'operator');
    const count = async (query: string) => {
      const html = await (await browser.visit(`/operator/figures${query}`)).text();
      return readTable(html, 'Articles');
    };
    const all = await count('?days=365');
    expect(all).toHaveLength(331);
    expect(all.slice(0, 2)).toEqual([
      ['2026-01-01', '12,345', '0'],
      ['2026-01-02', '0', '0'],
    ]);
    expect(await count('?days=90')).toHaveLength(90);
    for (const query of ['', '?days=30', '?days=7', '?days=x', '?days=9999999']) {
      expect(await count(query), query).toHaveLength(30);
    }
    const wrong = client.operator.figures.query({ days: 7 as 30 });
    expect(await catchRefusal(wrong)).toMatchObject({ httpStatus: 400 });
  });
});
