import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseSettings, projectRoot, settingNames, SettingsError } from './settings.ts';

/** The sentences of the faults, one a setting. */
function findFaults(env: Record<string, string>): string[] {
  try {
    parseSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split('\n').slice(1, -1);
  }
}

describe('the settings', () => {
  // ASVS 6.3.2
  test('need nothing: everything has a default, and nothing secret has', () => {
    expect(parseSettings({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicOrigin: 'http://localhost:3000',
      isHttps: false,
      dataDir: resolve(projectRoot, 'data'),
      databaseUrl: `sqlite:${resolve(projectRoot, 'data/latchkey.sqlite')}`,
      trustedProxies: 0,
      allowedOrigins: [],
      explainLoginErrors: false,
      registration: 'open',
      allowedEmailDomains: [],
      logLevel: 'info',
      freeReads: 5,
      session: {
        plain: { idleSeconds: 3600, absoluteSeconds: 86_400 },
        stay: { idleSeconds: 14 * 86_400, absoluteSeconds: 30 * 86_400 },
        touchSeconds: 60,
      },
      password: { engine: 'auto', log2N: 17, r: 8, p: 1, queueLength: 64 },
      devSite: undefined,
    });
  });

  test('that are empty or blank count as not set', () => {
    const blank = Object.fromEntries(
      settingNames.map((name, index) => [name, ' '.repeat(index % 3)]),
    );
    expect(parseSettings(blank)).toEqual(parseSettings({}));
  });

  test('of paths start at the project’s folder, wherever it was started', () => {
    const { dataDir, databaseUrl } = parseSettings({ DATA_DIR: 'here' });
    expect([dataDir, databaseUrl]).toEqual([
      resolve(projectRoot, 'here'),
      `sqlite:${resolve(projectRoot, 'here/latchkey.sqlite')}`,
    ]);
    expect(parseSettings({ DATABASE_URL: 'sqlite:a/b.sqlite' }).databaseUrl).toBe(
      `sqlite:${resolve(projectRoot, 'a/b.sqlite')}`,
    );
    expect(parseSettings({ DATABASE_URL: 'sqlite:/a/b.sqlite' }).databaseUrl).toBe(
      'sqlite:/a/b.sqlite',
    );
    const postgres = 'postgres://user:p%40ss@db.example:5432/latchkey?sslmode=require';
    expect(parseSettings({ DATABASE_URL: postgres }).databaseUrl).toBe(postgres);
  });

  test.each([
    ['https://members.example', 'https://members.example', true],
    ['https://members.example/', 'https://members.example', true],
    ['HTTPS://Members.Example:443', 'https://members.example', true],
    ['http://localhost:8080', 'http://localhost:8080', false],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000', false],
    ['http://[::1]:3000', 'http://[::1]:3000', false],
  ])('take the address %s', (PUBLIC_URL, publicOrigin, isHttps) => {
    expect(parseSettings({ PUBLIC_URL })).toMatchObject({ publicOrigin, isHttps });
  });

  test('take a list of origins, with spaces and a comma too many', () => {
    const ALLOWED_ORIGINS = ' https://a.example , https://b.example:8443/,';
    expect(parseSettings({ ALLOWED_ORIGINS }).allowedOrigins).toEqual([
      'https://a.example',
      'https://b.example:8443',
    ]);
  });

  test('take a list of domains in the form that mail carries', () => {
    const ALLOWED_EMAIL_DOMAINS = ' Example.ORG. ,*.exämple.de,example.org,';
    expect(parseSettings({ ALLOWED_EMAIL_DOMAINS }).allowedEmailDomains).toEqual([
      'example.org',
      '*.xn--exmple-cua.de',
    ]);
  });

  test.each(
    [
      ...['@example.org', 'a@example.org', '*', '*.*.org', '*example.org', '[127.0.0.1]'],
      ...['example..org', 'example.org evil.com', '-a.org', 'https://example.org'],
    ].map((value) => ['ALLOWED_EMAIL_DOMAINS', value] as const),
  )('name %s=%j', (name, value) => {
    expect(() => parseSettings({ [name]: value })).toThrow(`${name} must be domains such as`);
  });

  test('say that domains are of little use while registration is closed', () => {
    const env = { ALLOWED_EMAIL_DOMAINS: 'example.org', REGISTRATION: 'closed' };
    expect(parseSettings(env).warnings).toEqual([expect.stringContaining('ALLOWED_EMAIL_DOMAINS')]);
    expect(parseSettings({ ...env, REGISTRATION: 'invited' }).warnings).toEqual([]);
  });

  test.each([
    ['PORT', 'abc'],
    ['METRICS_TOKEN', 'fifteen-letters'],
    ['METRICS_TOKEN', 'no header carries a space'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', 'Infinity'],
    ['PORT', '0x10'],
    ['PORT', '1e3'],
    ['PORT', '3_000'],
    ['PORT', '3000 # ours'],
    ['HOST', 'http://127.0.0.1'],
    ['HOST', 'localhost:3000'],
    ['HOST', '*'],
    ['DATA_DIR', '~/data'],
    ['DATA_DIR', '$HOME/data'],
    ['DATA_DIR', '${HOME}/data'],
    ['DATABASE_URL', 'sqlite:~/latchkey.sqlite'],
    ['DATABASE_URL', 'sqlite::memory:'],
    ['DATABASE_URL', 'sqlite:///srv/latchkey.sqlite'],
    ['DATABASE_URL', 'postgres://user:p#ss@host/name'],
    ['DATABASE_URL', 'postgres://user:p/ss@host/name'],
    ['DATABASE_URL', 'postgres://user:100%@host/name'],
    ['PUBLIC_URL', 'https://$DOMAIN'],
    ['PUBLIC_URL', 'https://a.example,https://b.example'],
    ['ALLOWED_ORIGINS', 'https://a.example https://b.example'],
    ['ALLOWED_ORIGINS', 'https://a.example;https://b.example'],
    ['PUBLIC_URL', 'members.example'],
    ['PUBLIC_URL', 'http://members.example'],
    ['PUBLIC_URL', 'http://localhost.evil.example'],
    ['PUBLIC_URL', 'https://members.example/path'],
    ['PUBLIC_URL', 'https://user:pass@members.example'],
    ['PUBLIC_URL', 'ftp://members.example'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'https://a.example,null'],
    ['ALLOWED_ORIGINS', 'https://a.example/path'],
    ['DATABASE_URL', 'mysql://user@host/name'],
    ['DATABASE_URL', 'data/latchkey.sqlite'],
    ['DATABASE_URL', 'sqlite:'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '17'],
    ['EXPLAIN_LOGIN_ERRORS', 'yes'],
    ['EXPLAIN_LOGIN_ERRORS', '1'],
    ['REGISTRATION', 'shut'],
    ['LOG_LEVEL', 'verbose'],
    ['FREE_READS', '-1'],
    ['FREE_READS', '1001'],
    ['SESSION_IDLE_SECONDS', '0'],
    ['SESSION_ABSOLUTE_SECONDS', '1h'],
    ['SESSION_STAY_IDLE_SECONDS', '-1'],
    ['SESSION_STAY_ABSOLUTE_SECONDS', '99999999999'],
    ['SESSION_TOUCH_SECONDS', 'NaN'],
    ['PASSWORD_ENGINE', 'bcrypt'],
    ['PASSWORD_SCRYPT_LOG2N', '9'],
    ['PASSWORD_SCRYPT_LOG2N', '21'],
    ['PASSWORD_SCRYPT_R', '0'],
    ['PASSWORD_SCRYPT_P', '17'],
    ['PASSWORD_CONCURRENCY', '0'],
    ['PASSWORD_QUEUE', '0'],
    ['HSTS', 'true'],
    ['CONTACT', 'Ada'],
    ['CONTACT', 'Ada <ada@example.com>'],
    ['CONTACT', 'javascript:alert(1)'],
    ['CONTACT', 'example.com/help'],
    ['CONTACT', '/secrets'],
    ['CONTACT', '//evil.example'],
    ['LATCHKEY_DEV_SITE', 'localhost:4321'],
  ])('refuse %s=%s in one sentence that names it', (name, value) => {
    const faults = findFaults({ [name]: value });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^  ${name} must .+[^.]\\.$`))]);
  });

  test('name every fault at once, and show no value', () => {
    const env = {
      PORT: 'a-value-of-port',
      DATABASE_URL: 'pg://user:hunter2hunter2@host/name',
      PUBLIC_URL: 'https://user:secretsecret@host',
      REGISTRATION: 'a-value',
      ALLOWED_ORIGINS: 'https://user:secretsecret@host',
    };
    const faults = findFaults(env);
    expect(faults.map((fault) => fault.trim().split(' ')[0]).sort()).toEqual(
      Object.keys(env).sort(),
    );
    expect(faults.join()).not.toMatch(/a-value|hunter2|secretsecret/);
    expect(() => parseSettings(env)).toThrow('5 settings need attention');
    expect(() => parseSettings({ PORT: 'x' })).toThrow('one setting needs attention');
    expect(() => parseSettings(env)).toThrow('.env.example');
  });
});

describe('settings that do not fit together', () => {
  const hour = '3600';

  test.each([
    [{ SESSION_IDLE_SECONDS: '30' }, 3],
    [{ SESSION_IDLE_SECONDS: '1' }, 0],
    [{ SESSION_STAY_IDLE_SECONDS: '100' }, 10],
    [{ SESSION_IDLE_SECONDS: hour, SESSION_TOUCH_SECONDS: '7200' }, 360],
    [{ SESSION_IDLE_SECONDS: hour, SESSION_TOUCH_SECONDS: '60' }, 60],
  ])('%j lets a session slide often enough', (env, touchSeconds) => {
    expect(parseSettings(env).session.touchSeconds).toBe(touchSeconds);
  });

  test.each([
    [
      { SESSION_IDLE_SECONDS: hour, SESSION_ABSOLUTE_SECONDS: '60' },
      /SESSION_IDLE_SECONDS is longer/,
    ],
    [{ SESSION_STAY_ABSOLUTE_SECONDS: hour }, /ends sooner than a plain session/],
    [{ PUBLIC_URL: 'https://a.example' }, /TRUST_PROXY is 0/],
    [{ PUBLIC_URL: 'http://localhost:3000', PORT: '8080' }, /different ports/],
    [
      { PUBLIC_URL: 'http://localhost:3000', ALLOWED_ORIGINS: 'http://localhost:3000' },
      /ALLOWED_ORIGINS holds PUBLIC_URL/,
    ],
    [
      { PASSWORD_CONCURRENCY: '64', PASSWORD_SCRYPT_LOG2N: '20', PASSWORD_SCRYPT_R: '8' },
      /of memory/,
    ],
  ])('%j is warned of', (env, sentence) => {
    expect(parseSettings(env).warnings).toEqual([expect.stringMatching(sentence)]);
  });

  test('are none by default, nor on a site behind its proxy', () => {
    const env = {
      PUBLIC_URL: 'https://a.example',
      TRUST_PROXY: '1',
      SESSION_ABSOLUTE_SECONDS: '60',
    };
    expect([parseSettings({}).warnings, parseSettings(env).warnings]).toEqual([[], []]);
  });
});

describe('.env.example', () => {
  const text = readFileSync(resolve(projectRoot, '.env.example'), 'utf8');
  const entries = [...text.matchAll(/^# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );

  test('shows every setting once, and nothing else', () => {
    expect(entries.map(([name]) => name).sort()).toEqual([...settingNames].sort());
    expect(text.replaceAll(/^#.*$/gm, '').trim()).toBe('');
  });

  test.each(entries)('shows the default of %s', (name, value) => {
    const { givenOrigin: _, ...settings } = parseSettings({ [name]: value });
    const { givenOrigin: none, ...defaults } = parseSettings({});
    expect([settings, none]).toEqual([defaults, undefined]);
  });

  test('leaves only those without a fixed default empty', () => {
    const empty = entries.flatMap(([name, value]) => (value === '' ? [name] : []));
    expect(empty).toEqual([
      'ALLOWED_ORIGINS',
      'ALLOWED_EMAIL_DOMAINS',
      'CONTACT',
      'SITE_DIR',
      'ACCESS_RULES',
      'SMTP_URL',
      'MAIL_FROM',
      'OIDC_ISSUER',
      'OIDC_CLIENT_ID',
      'OIDC_CLIENT_SECRET',
      'OIDC_LABEL',
      'OIDC_ROLES_CLAIM',
      'PASSWORD_CONCURRENCY',
      'NODE_ENV',
      'METRICS_TOKEN',
      'LATCHKEY_DEV_SITE',
    ]);
  });

  test('says something of each, above it or above its group', () => {
    const groups = text.split(/(?<=^# [A-Z][A-Z0-9_]+=.*\n)(?!# [A-Z][A-Z0-9_]+=)/m);
    for (const group of groups.filter((part) => part.includes('='))) {
      expect(group).toMatch(/\.\n(# [A-Z0-9_]+=.*\n)+$/);
    }
  });
});

test('the settings that docs/deploy.md goes live with are of one https site behind one proxy', () => {
  const guide = readFileSync(resolve(projectRoot, 'docs/deploy.md'), 'utf8');
  const [, sample = ''] = /```ini\n(.*?)```/s.exec(guide) ?? [];
  expect(parseSettings(parseEnv(sample))).toMatchObject({
    publicOrigin: 'https://example.com',
    isProduction: true,
    trustedProxies: 1,
    dataDir: '/srv/latchkey/data',
  });
});
