import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { hashToken } from '../tokens/secret-token.ts';
import { runAdmin } from '../testing/run-admin.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

describe.each(dialects)('the operator’s invitations on %s', (dialect) => {
  test('are made, listed and revoked, with their code shown once', async () => {
    await using place = await createTestDatabase(dialect);
    const env = { DATABASE_URL: place.url, PUBLIC_URL: 'https://example.org' };
    const options = ['--email', 'Guest@exämple.de', '--role', 'member', '--until', '2999-12-31'];
    const made = await runAdmin(env, 'invite', 'create', ...options);
    const [, code = ''] =
      /\n {2}https:\/\/example\.org\/register#invite=([\w-]{43})\n/.exec(made.stdout) ?? [];
    expect(made.stdout).toContain('Guest@exämple.de, and nobody else, can register here');
    expect(made.stdout).toContain('works once, until 3000-01-01 00:00Z');
    const [row] = await place.database.Invitation.findAll();
    const values = { email: 'Guest@xn--exmple-cua.de', role: 'member', maxUses: 1, usesLeft: 1 };
    expect(row).toMatchObject({ ...values, codeHash: hashToken(code) });
    const many = await runAdmin(env, 'invite', 'create', '--uses', '3', '--json');
    expect(JSON.parse(many.stdout)).toMatchObject({
      link: expect.stringMatching(/^https:\/\/example\.org\/register#invite=[\w-]{43}$/) as string,
      state: 'open',
      usesLeft: 3,
    });
    const listed = await runAdmin(env, 'invite', 'list');
    expect(listed.stdout).toMatch(/open +Guest@exämple.de +member +0 of 1 +3000-01-01/);
    expect(listed.stdout).toMatch(/open +anybody +0 of 3/);
    expect(listed.stdout).not.toContain(code);
    const revoked = await runAdmin(env, 'invite', 'revoke', row?.id ?? '');
    expect(revoked.stdout).toBe('The invitation is revoked. Its link no longer works.\n');
    expect((await runAdmin(env, 'invite', 'revoke', row?.id ?? '')).stdout).toMatch(/already/);
    const states = (await runAdmin(env, 'invite', 'list', '--json')).stdout;
    expect((JSON.parse(states) as { state: string }[]).map(({ state }) => state).sort()).toEqual([
      'open',
      'revoked',
    ]);
    const outcomes = (await place.database.SecurityEvent.findAll()).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['invitation-created', 'invitation-created', 'invitation-revoked']);
  });

  test('are not made for an address that has an account', async () => {
    await using place = await createTestDatabase(dialect);
    const email = 'ada@example.com';
    const passwordHash = '$scrypt$ln=17,r=8,p=1$c2FsdA$aGFzaA';
    await place.database.User.create({ name: 'Ada', email, passwordHash });
    const env = { DATABASE_URL: place.url };
    const { code, stderr } = await runAdmin(
      env,
      'invite',
      'create',
      '--email',
      email.toUpperCase(),
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('has an account already')]);
    expect(await place.database.Invitation.count()).toBe(0);
  });
});

test('what an invitation cannot do here is said beside it', async () => {
  await using place = await createTestDatabase('sqlite');
  const env = {
    DATABASE_URL: place.url,
    REGISTRATION: 'closed',
    ALLOWED_EMAIL_DOMAINS: 'example.org',
  };
  const { code, stderr } = await runAdmin(env, 'invite', 'create', '--email', 'a@example.com');
  expect(code).toBe(0);
  expect(stderr).toContain('REGISTRATION is closed: nobody can use the link');
  expect(stderr).toContain('does not hold the domain of a@example.com');
});

test.each([
  [['--email', 'nobody'], /needs an @/],
  [['--uses', '0'], /from 1 to 10000/],
  [['--uses', '2', '--email', 'a@example.com'], /makes one account/],
  [['--role', 'No Role'], /a role has at most/],
  [['--until', 'tomorrow'], /must be a day such as/],
])('an invitation with %j is not made', async (options, message) => {
  await using place = await createTestDatabase('sqlite');
  const env = { DATABASE_URL: place.url };
  const { code, stderr } = await runAdmin(env, 'invite', 'create', ...options);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(await place.database.Invitation.count()).toBe(0);
});
