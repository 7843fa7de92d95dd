import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { createCheckup } from './checkup.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const idle = {
  engine: 'native' as const,
  hash: async () => '',
  countWork: () => ({ running: 0, waiting: 0 }),
};

describe('a checkup', () => {
  async function openParts(env: Record<string, string> = {}) {
    const place = await createTestDatabase('sqlite');
    const settings = parseSettings({ ...env, DATABASE_URL: place.url });
    return { ...place, parts: { settings, database: place.database, passwords: idle } };
  }

  test('has problems first, then warnings, and tells a fault as a problem', async () => {
    await using place = await openParts();
    const checks = {
      one: () => [ok('one', 'is well'), warning('two', 'is odd', 'Look.')],
      three: () => Promise.reject(new Error('it broke')),
      four: () => [problem('four', 'is bad', 'Act.')],
    };
    const { findings } = await createCheckup(place.parts, { checks })();
    expect(findings.map(({ state, title, detail }) => [state, title, detail])).toEqual([
      ['problem', 'three', 'it broke'],
      ['problem', 'four', 'is bad'],
      ['warning', 'two', 'is odd'],
      ['ok', 'one', 'is well'],
    ]);
  });

  test('looks once for all who ask at the same time, and for a while after', async () => {
    await using place = await openParts();
    const check = vi.fn((): Finding[] => []);
    const kept = createCheckup(place.parts, { checks: { check } });
    const [one, other] = await Promise.all([kept(), kept()]);
    expect(await kept()).toBe(one);
    expect(other).toBe(one);
    expect(check).toHaveBeenCalledOnce();
    const forgetful = createCheckup(place.parts, { checks: { check }, keptMs: 0 });
    await forgetful();
    await forgetful();
    expect(check).toHaveBeenCalledTimes(3);
  });

  test('says what is late, and does not ask it again until it has ended', async () => {
    await using place = await openParts();
    const { promise, resolve } = Promise.withResolvers<Finding[]>();
    const slow = vi.fn(() => promise);
    const checkUp = createCheckup(place.parts, { checks: { slow }, keptMs: 0, patienceMs: 1 });
    const late = [{ state: 'warning', title: 'slow', detail: /^nothing was found out within/ }];
    const expectLate = async () => {
      const { findings } = await checkUp();
      expect(findings).toMatchObject([{ state: 'warning', title: 'slow' }]);
      expect(findings[0]?.detail).toMatch(late[0]?.detail ?? '');
    };
    await expectLate();
    await expectLate();
    expect(slow).toHaveBeenCalledOnce();
    resolve([]);
    await promise;
    await vi.waitFor(async () => {
      await checkUp();
      expect(slow).toHaveBeenCalledTimes(2);
    });
  });

  test('tells no secret of the settings, even if another program repeats it', async () => {
    const secrets = ['hunter2/smtp', 'hunter2-oidc', 'hunter2-metrics-token-of-enough-length'];
    const [smtp = '', oidc = '', metrics = ''] = secrets;
    await using server = await startMailServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ password = '' }, _session, done) => done(new Error(`No such thing: ${password}`)),
    });
    await using place = await openParts({
      ...server.settings,
      SMTP_URL: `smtp://ada:${encodeURIComponent(smtp)}@127.0.0.1:${server.port}`,
      OIDC_ISSUER: 'https://id.example',
      OIDC_CLIENT_ID: 'site',
      OIDC_CLIENT_SECRET: oidc,
      METRICS_TOKEN: metrics,
    });
    const databaseUrl = 'postgres://ada:hunter2%2Fpg@127.0.0.1:1/latchkey';
    const settings = { ...place.parts.settings, databaseUrl };
    const { findings } = await createCheckup({ ...place.parts, settings })();
    const told = JSON.stringify(findings);
    expect(told).toContain('No such thing: (hidden)');
    expect(told).not.toContain('hunter2');
    const echo = () => [warning('x', `${oidc} ${metrics} hunter2/pg hunter2%2Fpg`, smtp)];
    const echoed = await createCheckup({ ...place.parts, settings }, { checks: { echo } })();
    expect(JSON.stringify(echoed)).not.toContain('hunter2');
  });
});

describe.each(dialects)('a server on %s', (dialect) => {
  test('looks at what doctor looks at, but reads no whole table or file', async () => {
    await using server = await startTestServer(dialect, {
      REGISTRATION: 'approval',
      PUBLIC_URL: 'http://localhost:1',
    });
    const { findings, at } = await server.deps.checkUp();
    expect(Date.now() - Date.parse(at)).toBeLessThan(60_000);
    const titles = findings.map(({ title }) => title);
    for (const title of [
      ...['settings', 'proxy', 'cookie', 'metrics', 'site', 'file rights', 'disk', 'mail'],
      ...['password hash', 'live site', 'database', 'migrations', 'writing', 'people'],
      ...['approval', 'security log'],
    ]) {
      expect(titles, title).toContain(title);
    }
    expect(titles).not.toContain('soundness');
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
    const find = (wanted: string) => findings.find(({ title }) => title === wanted);
    expect(find('people')?.detail).toBe('0 accounts');
    expect(find('approval')?.state).toBe('ok');
  });
});
